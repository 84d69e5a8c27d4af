import { show } from '../../sampling/check.ts';
import type { SamplingOptions } from '../../sampling/index.ts';
import { anything, exactly, natural, readFields, refuse, text, tokens } from './fields.ts';
import { type Line, readModel, readSampling, readStep } from './read-step.ts';
import type { RecordedBranch, RecordedSession } from './record.ts';

/** @throws KelvinError `RECORD_FILE` */
export function readSession([first, ...rest]: readonly Line[]): RecordedSession {
  const { line, value } = first!;
  const header = readFields(line, value, {
    ...{ kelvin: exactly('session'), version: exactly(1), model: anything, prompt: anything },
    ...{ branches: natural, steps: natural, current: natural },
  });
  const model = readModel(line, header.model, 'model');
  const prompt = readFields<RecordedSession['prompt']>(
    line,
    header.prompt,
    { text, tokens },
    'prompt',
  );
  const branches = readBranches(rest);
  const steps = branches.reduce((sum, branch) => sum + branch.steps.length, 0);
  const { current } = header;
  if (branches.length !== header.branches || steps !== header.steps)
    refuse(
      1 + rest.length,
      `the file must go on to ${header.steps} tokens in ${header.branches} branches, got ${steps} in ${branches.length}: it was cut short, or something was put in`,
    );
  if (current >= branches.length)
    refuse(line, `current must be an integer in [0, ${branches.length - 1}], got ${current}`);
  return { kind: 'session', model, prompt, branches, current };
}

type Step = RecordedBranch['steps'][number];

function readBranches(lines: readonly Line[]): RecordedBranch[] {
  const branches: { from?: { branch: number; index: number }; steps: Step[] }[] = [{ steps: [] }];
  let settings: SamplingOptions | undefined;
  for (const entry of lines) {
    const { line, value } = entry;
    const branch = branches.at(-1)!;
    if ('branch' in value) {
      const from = readFrom(entry, branches);
      branches.push({ from, steps: [] });
    } else if ('settings' in value) {
      const read = readFields(line, value, { settings: anything });
      settings = readSampling(line, read.settings, 'settings');
    } else if ('index' in value) {
      if (!settings) refuse(line, 'settings must come before the first token');
      const step = readStep(entry, (branch.from?.index ?? 0) + branch.steps.length);
      branch.steps.push({ ...step, settings: settings! });
    } else refuse(line, `must hold a branch, settings or a token, got ${show(value)}`);
  }
  return branches;
}

function readFrom({ line, value }: Line, before: readonly RecordedBranch[]) {
  const read = readFields(line, value, { branch: exactly(before.length), from: anything });
  const from = readFields(line, read.from, { branch: natural, index: natural }, 'from');
  const other = before[from.branch];
  if (!other)
    refuse(line, `from.branch must be an integer in [0, ${before.length - 1}], got ${from.branch}`);
  const length = (other!.from?.index ?? 0) + other!.steps.length;
  if (from.index > length)
    refuse(line, `from.index must be an integer in [0, ${length}], got ${from.index}`);
  return from;
}
