import type { Limit } from './limit.ts';
import type { OptionRow } from './option.ts';

interface StageBase<O> {
  /** Name in `order`, `describe()` and `cuts`. */
  readonly name: string;
  /** The options that drive it. */
  readonly options: Readonly<Record<string, OptionRow>>;
  /** Whether these options make it do anything, whatever stands before it. */
  active(options: O): boolean;
}

/** Changes logits before anything is weighed. Only −Infinity removes a token. */
export interface Edit<O> extends StageBase<O> {
  readonly kind: 'edit';
  /** An editor that has seen no token yet. */
  start(options: O): Editor;
}

/** An edit at work, with whatever it remembers of the history. */
export interface Editor {
  /**
   * Changes a row of V logits in place, each to a finite number or −Infinity.
   *
   * @param step index of the token to draw
   */
  edit(scores: Float32Array, step: number): void;
  /**
   * One more token of the history, oldest first. Absent if the history does not matter.
   *
   * @param generated false for a token of the prompt
   */
  accept?(token: number, generated: boolean): void;
}

/** Gives the kept tokens new weights. */
export interface Reweigh<O> extends StageBase<O> {
  readonly kind: 'reweigh';
  /** @returns τ in [0, Infinity] */
  temperature(kept: Statistics, options: O): number;
  /** Whether it always leaves a single token, so that no stage after it can do anything. */
  leavesOne(options: O): boolean;
}

/** Options every filter can see besides its own. */
export interface FilterFloor {
  /**
   * The fewest tokens a filter may leave, as far as there are that many with a finite logit:
   * where a filter would leave fewer, the largest ones stay. An integer ≥ 1, default 1. Refused
   * above 1 where no filter is set, as it could not act.
   *
   * Applies to every filter; not to temperature 0, which leaves one. llama.cpp (`min_keep`) has none
   * for top-k, top-n-sigma and mirostat, Hugging Face (`min_tokens_to_keep`) none for top-h.
   */
  minTokensToKeep: number;
}

/** Chooses which of the kept tokens stay. */
export interface Filter<O> extends StageBase<O> {
  readonly kind: 'filter';
  /** @returns what stays, or undefined for everything */
  limit(kept: Statistics, options: O, luck: Luck): Limit | undefined;
}

/** What a step brings besides its logits. */
export interface Luck {
  /** The uniform number in [0, 1) of a random stream at this step. */
  uniform(stream: number): number;
  /** Mirostat's running surprise limit μ, in bits. */
  readonly mu: number;
}

/** What is left when a stage runs, at the temperature of that place in the chain. */
export interface Statistics {
  /** How many tokens are left. */
  readonly count: number;
  /** −ln of the largest probability. */
  readonly topSurprisal: number;
  /** Entropy in nats. */
  readonly entropy: number;
  /** Population standard deviation of the edited logits. */
  readonly deviation: number;
  /** The probabilities of the n most likely tokens, or of all if they are fewer, descending. */
  likeliest(n: number): Float64Array;
}

/** One link of the chain. */
export type Stage<O> = Edit<O> | Reweigh<O> | Filter<O>;
