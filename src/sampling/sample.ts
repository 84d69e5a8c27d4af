import type { Distribution } from './distribution.ts';

/** One drawn token. Logarithms are natural, entropies in nats. */
export interface Sample {
  readonly token: number;
  /** ln of its raw probability: the model's softmax at τ = 1 before any edit. */
  readonly logprob: number;
  /** ln of the probability it was drawn with. */
  readonly shapedLogprob: number;
  /** Its place in the raw distribution, 1 = most likely; among equals by id. */
  readonly rank: number;
  /** Entropy of the distribution it was drawn from. */
  readonly entropy: number;
  /** Entropy of the raw distribution. */
  readonly rawEntropy: number;
  /** How many tokens no stage has cut; some may be too unlikely to be drawn. */
  readonly kept: number;
  /** Present when `top` was asked for. */
  readonly distribution?: Distribution;
}
