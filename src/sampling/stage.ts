import type { OptionRow } from './option.ts';
import type { Weighed } from './weighed.ts';

interface StageBase<O> {
  /** Name in `order`, `describe()` and `cuts`. */
  readonly name: string;
  /** The options that drive it. */
  readonly options: Readonly<Record<string, OptionRow>>;
  /** Whether these options make it do anything. */
  active(options: O): boolean;
}

/** Changes logits before anything is weighed. Only −Infinity removes a token. */
export interface Edit<O> extends StageBase<O> {
  readonly kind: 'edit';
  /**
   * @param scores logits by token id, finite or −Infinity
   * @param history token ids so far, oldest first
   * @returns new scores, finite or −Infinity
   */
  edit(scores: Float64Array, options: O, history: ArrayLike<number>): Float64Array;
}

/** Gives the kept tokens new weights, and may leave fewer of them. */
export interface Reweigh<O> extends StageBase<O> {
  readonly kind: 'reweigh';
  reweigh(kept: Weighed, options: O): Weighed;
}

/** Options every filter can see besides its own. */
export interface FilterFloor {
  /**
   * The fewest tokens a filter may leave, as far as there are that many with a finite logit:
   * where a filter would leave fewer, the largest ones stay. An integer ≥ 1, default 1. Applies
   * to every filter, as in llama.cpp and Hugging Face; not to temperature 0, which leaves one.
   */
  minTokensToKeep: number;
}

/** Chooses which of the kept tokens stay. */
export interface Filter<O> extends StageBase<O> {
  readonly kind: 'filter';
  /** @returns the positions that stay, ascending, at least min(minTokensToKeep, all) of them */
  keep(kept: Weighed, options: O & FilterFloor): Int32Array;
}

/** One link of the chain. */
export type Stage<O> = Edit<O> | Reweigh<O> | Filter<O>;
