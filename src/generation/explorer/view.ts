import type { TradeOff } from '../../evaluation/index.ts';
import type { Candidate, Distribution, SamplingOptions } from '../../sampling/index.ts';

/** A token of a text that is being explored, with what is small enough to be kept for each. */
export interface Written {
  readonly token: number;
  /** The text that became final with it; '' while a character is incomplete. */
  readonly text: string;
  /** ln of its probability under the model alone. */
  readonly logprob: number;
  /** ln of the probability it was drawn with; −Infinity for a chosen one that was cut. */
  readonly shapedLogprob: number;
  /** Entropy of the distribution it was drawn from and of the model's own, in nats. */
  readonly entropy: number;
  readonly rawEntropy: number;
  /** Place among all tokens by the model's own probability, 1 for the likeliest. */
  readonly rank: number;
  /** Which of the settings it was written under: an index into those the explorer was given. */
  readonly settings: number;
  /** Chosen by a person, not drawn. */
  readonly isChosen: boolean;
}

/** A token of the prompt, as the model saw it coming; the first one it did not. */
export interface Read {
  readonly token: number;
  readonly text: string;
  readonly logprob?: number;
  readonly rawEntropy?: number;
}

/** A candidate with the text a person should see. */
export interface SeenCandidate extends Candidate {
  readonly text: string;
}

/** The distribution that the next token is drawn from, and where it stands. */
export interface View extends Omit<Distribution, 'candidates' | 'edges'> {
  /** How many tokens are written before it. */
  readonly place: number;
  readonly settings: number;
  /** The likeliest, shaped then raw. */
  readonly candidates: readonly SeenCandidate[];
  /** The last token that is kept and the first that each filter cut, with their places by raw. */
  readonly edges: readonly (SeenCandidate & { readonly rank: number })[];
  /** What the seed draws here under these settings. */
  readonly drawn: number;
  /** Every temperature's diversity and coherence, from 0 to infinity. */
  readonly curve: readonly (TradeOff & { readonly temperature: number })[];
  /** The shaped distribution's own. */
  readonly now: TradeOff;
  /** How far below the curve it lies, in nats: what truncation costs. ≥ 0 */
  readonly gap: number;
  /** One nat of diversity costs so many nats of coherence: the temperature in effect. */
  readonly temperature: number;
}

/** How one token's probability came about. */
export interface Explanation {
  readonly token: number;
  readonly text: string;
  readonly settings: number;
  readonly place: number;
  /** The model's logit, what edits made of it, and that divided by the temperature. */
  readonly logit: number;
  readonly edited: number;
  readonly scaled: number;
  /** e^(scaled − largest scaled), and the sum of those of all that are kept. */
  readonly weight: number;
  readonly total: number;
  /** weight / total, or 0 where it is cut, and −ln of it. */
  readonly shaped: number;
  readonly cutBy?: string;
  readonly raw: number;
  /** Among the listed candidates: d shaped(token) / d scaled(other), by softmax's Jacobian. */
  readonly jacobian: readonly {
    readonly token: number;
    readonly text: string;
    readonly value: number;
  }[];
  /** The same logits by standard normalisation, z / Σ z: undefined where that has no meaning. */
  readonly standard: number | undefined;
}

export type ExplorerSettings = Omit<SamplingOptions, 'constraint'>;
