import fc from 'fast-check';
import { expect } from 'vitest';

/** A row of logits whose softmax is these probabilities; 0 becomes −Infinity. */
export const fromProbabilities = (...probabilities: number[]): Float32Array =>
  Float32Array.from(probabilities, Math.log);

export const row = (...logits: number[]): Float32Array => Float32Array.from(logits);

/**
 * Numbers spread evenly over an interval. `fc.double` spreads evenly over representations, so
 * that nearly all it gives are close to 0.
 */
export const between = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: 2 ** 30 }).map((n) => min + ((max - min) * n) / 2 ** 30);

/** Asserts equality up to a few units in the sixth place, the accuracy of Float32 logits. */
export function expectNear(
  actual: ArrayLike<number>,
  expected: readonly number[],
  tolerance = 1e-6,
): void {
  expect(actual.length).toBe(expected.length);
  for (let i = 0; i < expected.length; i++)
    expect(Math.abs(actual[i] - expected[i]), `at index ${i}: ${actual[i]}`).toBeLessThanOrEqual(
      tolerance,
    );
}

/** The ids with a probability above 0. */
export const kept = (probabilities: Float64Array): number[] =>
  [...probabilities.keys()].filter((id) => probabilities[id] > 0);
