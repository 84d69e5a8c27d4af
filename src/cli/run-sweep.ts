import { loadModel } from '../generation/load-model.ts';
import type { Model } from '../generation/model.ts';
import { resolveSampling } from '../generation/settings.ts';
import type { Axes } from '../generation/sweep/grid.ts';
import { measureReference, type Reference } from '../generation/sweep/reference.ts';
import { samplesOption } from '../generation/sweep/sweep-options.ts';
import { randomSeed } from '../sampling/seed.ts';
import { interruptible } from './interrupt.ts';
import { jsonLine } from './json-line.ts';
import { withoutLineEnd } from './line-end.ts';
import { loadOptions, type ModelFlags } from './model-flags.ts';
import { givenSampling } from './sampling-flags.ts';
import { lineRoom, say, write } from './streams.ts';
import { settingsOf } from './sweep/axes.ts';
import { csv } from './sweep/csv.ts';
import { finishedRuns } from './sweep/finished-runs.ts';
import { type Outcome, outcomeOf } from './sweep/outcome.ts';
import { OutputFile } from './sweep/output-file.ts';
import { report } from './sweep/report.ts';
import { ResumeFile } from './sweep/resume.ts';
import { svg } from './sweep/svg/svg.ts';
import { readTextFile } from './text-file.ts';
import { toldOf } from './told.ts';
import { UsageError } from './usage-error.ts';

export interface SweepFlags extends ModelFlags {
  readonly temperatures?: readonly number[];
  readonly sweep?: Axes;
  readonly samples?: number;
  readonly maxTokens: number;
  readonly stop?: readonly string[];
  readonly reference?: string;
  readonly resume?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly svg?: string;
  readonly [samplingOption: string]: unknown;
}

/** Compares settings by the texts they write; what is finished is told even after Ctrl-C. */
export async function runSweep(
  readPrompt: () => Promise<string>,
  flags: SweepFlags,
): Promise<void> {
  // All that can be wrong, before anything is waited for.
  const { seed: givenSeed, ...options } = givenSampling(flags);
  const grid = settingsOf(flags.temperatures, flags.sweep, options);
  const told = await toldOf(flags.model);
  for (const setting of told ? grid : []) resolveSampling({ ...options, ...setting }, told!);
  const { maxTokens, stop = [], samples = samplesOption.default } = flags;
  const { svg: drawn, reference: likened, resume } = flags;
  const drawing = drawn === undefined ? undefined : await OutputFile.at('--svg', drawn);
  const text = likened === undefined ? undefined : await readReference(likened);
  const file = resume === undefined ? undefined : await ResumeFile.open(resume);
  try {
    const prompt = await readPrompt();
    const seed = givenSeed ?? file?.seed ?? randomSeed();
    await withModel(flags, async (model, signal) => {
      const { name, dtype = 'engine' } = model.info;
      const head = { model: name, dtype, prompt, maxTokens, stop, seed, options };
      const reference = await measured(model, text, maxTokens, signal);
      const runs = await finishedRuns(model, { grid, samples, head, file }, signal);
      if (runs.length === 0) return say('interrupted before a text was finished\n');
      const outcome = outcomeOf(runs, reference, head, model.info, flags);
      await write(written(outcome, flags));
      await drawing?.write(svg(outcome));
    });
  } finally {
    await file?.close();
  }
}

async function withModel(
  flags: ModelFlags,
  work: (model: Model, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const model = await loadModel(flags.model, loadOptions(flags));
  try {
    await interruptible((signal) => work(model, signal));
  } finally {
    await model.dispose();
  }
}

async function readReference(path: string): Promise<string> {
  const text = withoutLineEnd(await readTextFile('--reference', path));
  if (text.trim() !== '') return text;
  throw new UsageError(
    `--reference must be a file with a text, got ${JSON.stringify(path)}: empty`,
  );
}

/** Where the reference text stands; an interrupted one is left out. */
async function measured(
  model: Model,
  text: string | undefined,
  length: number,
  signal: AbortSignal,
): Promise<Reference | undefined> {
  try {
    return text === undefined ? undefined : await measureReference(model, text, length, signal);
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

function written(outcome: Outcome, flags: SweepFlags): string {
  if (flags.csv) return csv(outcome.settings);
  if (!flags.json) return report(outcome, lineRoom());
  const { head, settings, best, reason, command, reference } = outcome;
  const recommended = { setting: best.setting, options: best.options, reason, command };
  return [...settings, { summary: { ...head, reference, recommended } }].map(jsonLine).join('');
}
