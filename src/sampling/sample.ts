import { type Distribution, describeDistribution } from './distribution.ts';
import { draw } from './draw.ts';
import { log } from './log.ts';
import type { Shaped } from './shape.ts';
import { entropyOf } from './weighed.ts';

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
  /** How many tokens could have been drawn. */
  readonly kept: number;
  /** Present when `top` was asked for. */
  readonly distribution?: Distribution;
}

function rankOf(scores: Float64Array, token: number): number {
  let rank = 1;
  for (let id = 0; id < scores.length; id++)
    if (scores[id] > scores[token] || (scores[id] === scores[token] && id < token)) rank++;
  return rank;
}

/**
 * Draws from a shaped row.
 *
 * @param u uniform in [0, 1)
 * @param top how many tokens `distribution` shall list; undefined = no distribution
 */
export function drawSample(shaped: Shaped, u: number, top: number | undefined): Sample {
  const { raw, kept } = shaped;
  const at = draw(kept, u);
  const token = kept.ids[at];
  return {
    token,
    logprob: raw.exponents[token] - log(raw.total),
    shapedLogprob: kept.exponents[at] - log(kept.total),
    rank: rankOf(raw.scores, token),
    entropy: entropyOf(kept),
    rawEntropy: entropyOf(raw),
    kept: kept.ids.length,
    ...(top !== undefined && { distribution: describeDistribution(shaped, top) }),
  };
}
