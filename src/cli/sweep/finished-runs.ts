import type { Model } from '../../generation/model.ts';
import type { Run } from '../../generation/sweep/run.ts';
import { sweep } from '../../generation/sweep/sweep.ts';
import type { Setting } from '../../generation/sweep/sweep-options.ts';
import { Progress } from './progress.ts';
import type { ResumeFile, SweepHead } from './resume.ts';

export interface Plan {
  readonly grid: readonly Setting[];
  readonly samples: number;
  readonly head: SweepHead;
  readonly file: ResumeFile | undefined;
}

/** Runs what is not in the file yet, and tells how far it is; all that is finished by its end. */
export async function finishedRuns(
  model: Model,
  { grid, samples, head, file }: Plan,
  signal: AbortSignal,
): Promise<Run[]> {
  const { prompt, maxTokens, stop, seed, options } = head;
  const before = (await file?.begin(head, grid)) ?? [];
  const runs = before.filter(({ sample }) => sample < samples);
  const known = new Set(runs.map(({ setting, sample }) => `${setting} ${sample}`));
  const skip = (setting: number, sample: number) => known.has(`${setting} ${sample}`);
  const line = new Progress(grid.length * samples - runs.length, maxTokens);
  const progress = (written: number) => line.tell(written);
  const all = { ...options, grid, samples, seed, maxTokens, stop, skip, signal, progress };
  for await (const run of sweep(model, prompt, all)) {
    line.add(run.tokens.length);
    runs.push(run);
    await file?.add(run);
  }
  line.end(seed);
  return runs;
}
