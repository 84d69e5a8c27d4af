import type { Weighed } from './weighed.ts';

/** The random stream that draws tokens; other uses of luck get numbers of their own. */
export const drawStream = 0;

/**
 * Inverse CDF in id order: the first token at which the running sum of weights exceeds
 * u · total.
 *
 * u < 1 makes u · total < total even after rounding (u is a multiple of 2^-53), and the running
 * sum ends at exactly `total`, so there always is one, and never one of weight 0.
 *
 * @param u uniform in [0, 1)
 * @returns the position of the drawn token
 */
export function draw({ weights, total }: Weighed, u: number): number {
  let running = 0;
  let at = 0;
  for (; at < weights.length; at++) {
    running += weights[at];
    if (running > u * total) break;
  }
  return at;
}
