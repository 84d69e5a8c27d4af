import { invalidOption } from '../../sampling/option.ts';
import type { Model } from '../model.ts';
import { resolveSettings } from '../settings.ts';
import { asDone } from './as-done.ts';
import { type Place, type Run, runAt } from './run.ts';
import { type CheckedSweep, checkSweepOptions, type SweepOptions } from './sweep-options.ts';

/**
 * Writes texts under many settings to compare them, several at once, and measures each. A run is
 * given as soon as it is done; first one of every setting, then a second, so that what there is
 * after an abort is of all of them. An abort ends the iteration, and what is unfinished is not
 * given.
 *
 * In what order runs end depends on `concurrency`; the texts do not, but where two tokens are as
 * good as equally lucky: a row of logits may differ in its last bits with what else is in a run.
 *
 * @throws KelvinError at once for what `generate` would refuse in any setting; while iterating, for
 *   a prompt longer than the context
 * @example
 * import { gridOf, loadModel, sweep } from 'kelvin';
 * const model = await loadModel();
 * const grid = gridOf({ temperature: [0, 1] });
 * const seeds = [];
 * for await (const run of sweep(model, 'Once', { grid, samples: 2, seed: 7, maxTokens: 4 }))
 *   seeds.push(run.seed);
 * seeds.sort(); // => [7, 7, 8, 8]
 * await model.dispose();
 */
export function sweep(
  model: Model,
  prompt: string | readonly number[],
  options: SweepOptions,
): AsyncGenerator<Run, void, void> {
  if (!model?.info) throw invalidOption('model', 'a loaded model, as in await loadModel()', model);
  const { common, ...own } = checkSweepOptions(options);
  for (const setting of own.grid) {
    const { maxTokens } = resolveSettings(prompt, { ...common, ...setting }, model.info);
    if (maxTokens === 0)
      throw invalidOption('maxTokens', 'an integer ≥ 1 where texts are compared', maxTokens);
  }
  // A copy: the caller may change its own while this runs.
  const copy = typeof prompt === 'string' ? prompt : [...prompt];
  const { signal, ...shared } = common;
  let tokens = 0;
  const written = () => own.progress(++tokens);
  const work = async (place: Place, ended: AbortSignal) => {
    const either = signal ? AbortSignal.any([signal, ended]) : ended;
    if (either.aborted) return undefined;
    return runAt(place, model, copy, { ...shared, signal: either }, written);
  };
  return finished(asDone(placesOf(own), own.concurrency, work));
}

async function* finished(runs: AsyncIterable<Run | undefined>): AsyncGenerator<Run, void, void> {
  for await (const run of runs) if (run) yield run;
}

/** The runs there are, sample by sample; one at a time, as there may be a great many. */
function* placesOf({
  grid,
  samples,
  seed,
  skip,
}: Pick<CheckedSweep, 'grid' | 'samples' | 'seed' | 'skip'>): Generator<Place> {
  for (let sample = 0; sample < samples; sample++)
    for (const [setting, options] of grid.entries())
      if (!skip(setting, sample)) yield { setting, options, sample, seed: seed + sample };
}
