import type { Engine, Kept } from './engine.ts';
import { KelvinError } from './error.ts';
import type { Place } from './place.ts';
import type { Edit, Filter, Reweigh, Stage } from './stage.ts';
import type { StageOptions } from './stages.ts';
import type { Watcher } from './watcher.ts';

/** The active stages of a chain in order. */
export interface Chain {
  readonly edits: readonly Edit<StageOptions>[];
  readonly rest: readonly (Reweigh<StageOptions> | Filter<StageOptions>)[];
}

/** Splits a chain, which has its edits first, and leaves out what does nothing. */
export function activeChain(stages: readonly Stage<StageOptions>[], options: StageOptions): Chain {
  const active = stages.filter((stage) => stage.active(options));
  return {
    edits: active.filter((stage) => stage.kind === 'edit'),
    rest: active.filter((stage) => stage.kind !== 'edit'),
  };
}

/**
 * Runs a chain over the row an engine has loaded. The one path that `sample`, `probabilities`,
 * `inspect` and `candidate` share.
 *
 * @param watcher is told what each stage leaves
 * @throws KelvinError INVALID_OPTION if the edits leave no token
 */
export function shape(
  engine: Engine,
  { edits, rest }: Chain,
  place: Place,
  watcher?: Watcher,
): Kept {
  const { past, step } = place;
  const { given, edited } = engine.workspace;
  if (edits.length > 0) {
    const scores = edited.values.subarray(0, given.vocabulary);
    scores.set(given.values.subarray(0, given.vocabulary));
    for (let i = 0; i < edits.length; i++) {
      const stage = edits[i];
      past.editors[i].edit(scores, step);
      if (watcher) {
        edited.scan(given.vocabulary);
        watcher.afterEdit(stage.name, edited);
      }
    }
    edited.scan(given.vocabulary);
    if (edited.alive === 0) {
      const names = edits.map(({ name }) => name).join(', ');
      throw new KelvinError(
        'INVALID_OPTION',
        `${names}: every token is banned that could be chosen`,
      );
    }
  }
  let kept: Kept = engine.many.begin(edits.length > 0 ? edited : given);
  for (let i = 0; i < rest.length; i++) {
    const stage = rest[i];
    if (stage.kind === 'reweigh') kept = kept.reweigh(stage.temperature(kept, past.options));
    else {
      const limit = stage.limit(kept, past.options, place);
      if (limit) kept = kept.limit(limit, past.options.minTokensToKeep);
    }
    watcher?.after(stage, kept);
  }
  return kept;
}
