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
  let reached = true;
  if (limit.kind === 'count') n = limit.count;
  else if (limit.kind === 'exponent') {
    while (n < count && exponents[n] >= limit.exponent) n++;
    reached = n < count;
  } else if (limit.kind === 'distance') {
    while (n < count && scores[0] - scores[n] <= limit.distance) n++;
    reached = n < count;
  } else if (limit.kind === 'mass') {
    const wanted = limit.mass * total;
    let mass = 0;
    while (n < count && mass < wanted) mass += weights[n++];
    reached = mass >= wanted;
  } else {
    let entropy = 0;
    for (; n < count; n++) {
      entropy += surprise(weights[n], exponents[n], total);
      if (entropy > limit.entropy) break;
    }
    reached = n < count;
  }
  const kept = Math.max(n, floor);
  return reached && kept <= count ? kept : undefined;
}

/** −p ln p of a token of weight e^exponent out of a total. */
export function surprise(weight: number, exponent: number, total: number): number {
  return weight > 0 ? (weight / total) * (log(total) - exponent) : 0;
}
