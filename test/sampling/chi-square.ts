import { exp, log } from 'kelvin/sampling';

/**
 * The chi-square quantile exceeded with probability ~1e-4 by chance (Wilson & Hilferty 1931:
 * the cube root of χ²/df is nearly normal; z = 3.719 is the normal quantile of 1 − 1e-4).
 */
export function criticalValue(degreesOfFreedom: number): number {
  const spread = 2 / (9 * degreesOfFreedom);
  return degreesOfFreedom * (1 - spread + 3.719 * Math.sqrt(spread)) ** 3;
}

/**
 * Pearson's statistic of counts against probabilities. Cells expecting fewer than 5 are pooled
 * into one, as the approximation wants.
 */
export function chiSquare(counts: ArrayLike<number>, probabilities: ArrayLike<number>) {
  const draws = Array.from(counts).reduce((sum, count) => sum + count, 0);
  const pooled = { count: 0, expected: 0 };
  let statistic = 0;
  let cells = 0;
  const add = (count: number, expected: number) => {
    statistic += (count - expected) ** 2 / expected;
    cells++;
  };
  for (let i = 0; i < probabilities.length; i++) {
    const expected = draws * probabilities[i];
    if (expected >= 5) add(counts[i], expected);
    else {
      pooled.count += counts[i];
      pooled.expected += expected;
    }
  }
  if (pooled.expected >= 1) add(pooled.count, pooled.expected);
  return { statistic, degreesOfFreedom: cells - 1 };
}

/** Logits as a language model makes them: a peaked head over a long, uneven tail. */
export const peakedLogits = (size: number): Float32Array =>
  Float32Array.from({ length: size }, (_, id) => -1.3 * log(1 + ((id * 37) % size)) + exp(-id));
