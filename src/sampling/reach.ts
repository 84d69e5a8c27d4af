import type { Limit } from './limit.ts';
import { log } from './log.ts';

/** A run of largest tokens, largest first; there may be more tokens behind them. */
export interface Head {
  readonly count: number;
  readonly scores: Float64Array;
  readonly exponents: Float64Array;
  readonly weights: Float64Array;
}

/** Limits that keep a run of largest tokens. */
export type Run = Exclude<Limit, { kind: 'near' | 'below' }>;

/**
 * How many tokens of a head a limit keeps, at least `floor`; undefined if all of them stay and what
 * is behind them decides.
 *
 * @param total the weight of everything, the tokens behind the head included
 */
export function reach(head: Head, limit: Run, total: number, floor: number): number | undefined {
  const { count, scores, exponents, weights } = head;
  let n = 0;
  let reached = false;
  if (limit.kind === 'count') {
    n = limit.count;
    reached = true;
  } else if (limit.kind === 'mass') {
    let mass = 0;
    while (n < count && mass < limit.mass * total) mass += weights[n++];
    reached = mass >= limit.mass * total;
  } else {
    let entropy = 0;
    for (; n < count && !reached; n++) {
      if (limit.kind === 'exponent') reached = exponents[n] < limit.exponent;
      else if (limit.kind === 'distance') reached = scores[0] - scores[n] > limit.distance;
      else {
        entropy += surprise(weights[n], exponents[n], total);
        reached = entropy > limit.entropy;
      }
    }
    if (reached) n--;
  }
  const kept = Math.max(n, floor);
  return reached && kept <= count ? kept : undefined;
}

/** −p ln p of a token of weight e^exponent out of a total. */
export function surprise(weight: number, exponent: number, total: number): number {
  return weight > 0 ? (weight / total) * (log(total) - exponent) : 0;
}
