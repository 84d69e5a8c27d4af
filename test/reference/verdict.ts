import type { Candidates } from './candidates.ts';

/** What a filter decides. */
export interface Verdict {
  /** Positions that stay, in any order. */
  readonly stay: readonly number[];
  /** How near the nearest decision was; Infinity if no rounding could have changed it. */
  readonly margin: number;
}

/** 0 … count−1. */
export const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at);

/** The `count` largest stay: a matter of order alone, so nothing is near. */
export const first = (count: number, { ids }: Candidates): Verdict => ({
  stay: range(Math.min(count, ids.length)),
  margin: Infinity,
});

/**
 * Keeps candidates whose probability reaches a limit, and the `floor` largest in any case. The
 * margin is relative to the limit, |ln(p / limit)|: a probability is known to a relative accuracy.
 */
export function atLeast(limit: number, floor: number, { surprisals }: Candidates): Verdict {
  const stay: number[] = [];
  let margin = Infinity;
  for (const [at, surprisal] of surprisals.entries()) {
    const excess = -surprisal - Math.log(limit);
    if (at < floor || excess >= 0) stay.push(at);
    if (at >= floor) margin = Math.min(margin, Math.abs(excess));
  }
  return { stay, margin };
}
