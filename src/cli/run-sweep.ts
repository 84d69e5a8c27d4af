import { loadModel } from '../generation/load-model.ts';
import type { Model } from '../generation/model.ts';
import { modelDefaults } from '../generation/model-defaults.ts';
import { resolveSampling } from '../generation/settings.ts';
import type { Axes } from '../generation/sweep/grid.ts';
import { recommend } from '../generation/sweep/recommend.ts';
import { measureReference } from '../generation/sweep/reference.ts';
import type { Run } from '../generation/sweep/run.ts';
import { summarise } from '../generation/sweep/summarise.ts';
import { sweep } from '../generation/sweep/sweep.ts';
import { type Setting, samplesOption } from '../generation/sweep/sweep-options.ts';
import { endTokens } from '../model/config.ts';
import { readModelFolder } from '../model/folder.ts';
import { randomSeed } from '../sampling/seed.ts';
import { commandLine } from '../ui/export.ts';
import { interruptible } from './interrupt.ts';
import { jsonLine } from './json-line.ts';
import type { ModelFlags } from './model-flags.ts';
import { givenSampling } from './sampling-flags.ts';
import { say, write } from './streams.ts';
import { settingsOf } from './sweep/axes.ts';
import { csv } from './sweep/csv.ts';
import { OutputFile } from './sweep/output-file.ts';
import { Progress } from './sweep/progress.ts';
import { type Outcome, report } from './sweep/report.ts';
import { ResumeFile, type SweepHead } from './sweep/resume.ts';
import { svg } from './sweep/svg.ts';
import { readTextFile } from './sweep/text-file.ts';

export interface SweepFlags extends ModelFlags {
  readonly temperatures?: readonly number[];
  readonly sweep?: Axes;
  readonly samples?: number;
  readonly maxTokens?: number;
  readonly stop?: readonly string[];
  readonly reference?: string;
  readonly resume?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly svg?: string;
  readonly [samplingOption: string]: unknown;
}

/** Tokens of each text where the flag is absent: enough to tell, and a sweep has many. */
export const SWEPT_TOKENS = 128;

/** Compares settings by the texts they write; what is finished is told even after Ctrl-C. */
export async function runSweep(
  readPrompt: () => Promise<string>,
  flags: SweepFlags,
): Promise<void> {
  // All that can be wrong, before anything is waited for.
  const { seed: givenSeed, ...common } = givenSampling(flags);
  const grid = settingsOf(flags.temperatures, flags.sweep, common);
  const { path, config, generation } = await readModelFolder(flags.model);
  const told = { path, generation, endTokens: endTokens(config, generation) };
  for (const setting of grid) resolveSampling({ ...common, ...setting }, told);
  const drawing = flags.svg === undefined ? undefined : await OutputFile.at('--svg', flags.svg);
  const sample = flags.reference && (await readTextFile('--reference', flags.reference));
  const file = flags.resume === undefined ? undefined : await ResumeFile.open(flags.resume);
  try {
    const seed = givenSeed ?? file?.seed ?? randomSeed();
    const prompt = await readPrompt();
    const { dtype, threads, maxTokens = SWEPT_TOKENS, stop = [] } = flags;
    const samples = flags.samples ?? samplesOption.default;
    const model = await loadModel(flags.model, { dtype, threads });
    try {
      await interruptible(async (signal) => {
        const { name } = model.info;
        const head = { model: name, dtype: model.info.dtype, prompt, maxTokens, stop, seed };
        const plan = { grid, samples, head: { ...head, options: common }, file, signal };
        const runs = await finishedRuns(model, plan);
        if (runs.length === 0) return say('interrupted before a text was finished\n');
        const reference = sample ? await measureReference(model, sample, maxTokens) : undefined;
        const settings = summarise(runs);
        const { best, reason } = recommend(settings, reference ? { reference } : {});
        const { maxTokens: _, ...asked } = modelDefaults(told);
        const command = commandLine({
          prompt,
          model: flags.model,
          options: { ...asked, ...common, ...best.options },
          maxTokens,
          asked,
          said: Object.keys(best.options),
        });
        const outcome = { settings, best, reason, command, reference };
        await drawing?.write(drawn(outcome, plan.head));
        await tell(outcome, plan.head, flags);
      });
    } finally {
      await model.dispose();
    }
  } finally {
    await file?.close();
  }
}

interface Plan {
  readonly grid: readonly Setting[];
  readonly samples: number;
  readonly head: SweepHead;
  readonly file: ResumeFile | undefined;
  readonly signal: AbortSignal;
}

async function finishedRuns(model: Model, plan: Plan): Promise<Run[]> {
  const { grid, samples, head, file, signal } = plan;
  const { prompt, maxTokens, stop, seed, options } = head;
  const before = (await file?.begin(head, grid)) ?? [];
  const runs = before.filter(({ sample }) => sample < samples);
  const known = new Set(runs.map(({ setting, sample }) => `${setting} ${sample}`));
  const skip = (setting: number, sample: number) => known.has(`${setting} ${sample}`);
  const all = { ...options, grid, samples, seed, maxTokens, stop, skip, signal };
  const progress = new Progress(grid.length * samples - runs.length);
  for await (const run of sweep(model, prompt, all)) {
    progress.add(run.tokens.length);
    runs.push(run);
    await file?.add(run);
  }
  progress.end(seed);
  return runs;
}

function drawn(outcome: Outcome, { model, prompt, maxTokens }: SweepHead): string {
  const most = Math.max(...outcome.settings.map(({ runs }) => runs));
  const note = `${model}, up to ${most} texts of each setting, of at most ${maxTokens} tokens; bars: 95 % bootstrap intervals of the mean`;
  return svg(outcome, `What the settings write after “${prompt}”`, note);
}

async function tell(outcome: Outcome, head: SweepHead, flags: SweepFlags): Promise<void> {
  const { settings, best, reason, command, reference } = outcome;
  if (flags.json) {
    const recommended = { setting: best.setting, options: best.options, reason, command };
    const summary = { ...head, reference, recommended };
    await write([...settings, { summary }].map(jsonLine).join(''));
  } else if (flags.csv) {
    await write(csv(settings));
  } else {
    await write(report(outcome, process.stdout.columns ?? 80));
  }
}
