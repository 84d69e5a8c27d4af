import type { CurvePoint, TradeOff } from '../../evaluation/index.ts';
import type { Candidate, Chance, Distribution, Edge } from '../../sampling/index.ts';
import type { Measured } from '../measure.ts';

/** A token of a text that is being explored, with what is small enough to be kept for each. */
export interface Written extends Measured {
  /** Its place among all texts that were tried: texts that begin alike share what is alike. */
  readonly node: number;
  /** The node it was written after. */
  readonly parent: number;
  readonly token: number;
  /** The text that became final with it; '' while a character is incomplete. */
  readonly text: string;
  /** ln of the probability it was drawn with; −Infinity for a chosen one that was cut. */
  readonly shapedLogprob: number;
  /** Entropy of the distribution it was drawn from, in nats. */
  readonly entropy: number;
  /** Under which settings: the first are number 0. */
  readonly settings: number;
  /** By a person; its luck was not asked. */
  readonly isChosen: boolean;
}

export type { Read } from '../score.ts';

/** A candidate with the text a person should see. */
export interface SeenCandidate extends Candidate {
  readonly text: string;
}

/** The distribution that the next token is drawn from, and where it stands. */
export interface View extends Omit<Distribution, 'candidates' | 'edges' | 'temperature'> {
  /** What is written before it. */
  readonly node: number;
  readonly settings: number;
  /** The likeliest, shaped then raw. */
  readonly candidates: readonly SeenCandidate[];
  /** The last token that is kept, the first that each filter cut, and the drawn one if unlisted. */
  readonly edges: readonly (Edge & SeenCandidate)[];
  /** What the seed draws here under these settings. */
  readonly drawn: number;
  /** Every temperature's diversity and coherence, from 0 to infinity. */
  readonly curve: readonly CurvePoint[];
  /** The shaped distribution's own. */
  readonly now: TradeOff;
  /** How far below the curve it lies, in nats: what truncation costs. ≥ 0 */
  readonly gap: number;
  /** One nat of diversity costs so many nats of coherence: the temperature in effect. */
  readonly temperature: number;
  /** Where an engine told of it in part: see `Step`. */
  readonly exact?: boolean;
  readonly tail?: number;
  /** Milliseconds for which the model had to wait. */
  readonly took: number;
}

/** How one token's probability comes about. */
export interface Explanation extends Chance {
  readonly node: number;
  readonly settings: number;
  readonly text: string;
  /** The model's own logit; `logit` is what edits made of it. */
  readonly rawLogit: number;
  /** logit / temperature; at 0 the largest is as good as 0 and every other −Infinity. */
  readonly scaled: number;
  /** e^(scaled − the largest scaled), and the sum of that over all tokens that are kept. */
  readonly weight: number;
  readonly total: number;
  /** −ln shaped, in nats. */
  readonly surprisal: number;
  /**
   * d shaped / d scaled of its own score and the likeliest others': the token's row of softmax's
   * Jacobian.
   */
  readonly jacobian: readonly {
    readonly token: number;
    readonly text: string;
    readonly value: number;
  }[];
  /** Its share of the raw logits' plain sum, z / Σ z; absent where a logit is below 0. */
  readonly standard?: number;
}
