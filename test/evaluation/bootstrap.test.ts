import fc from 'fast-check';
import { bootstrap } from 'kelvin/evaluation';
import { uniform } from 'kelvin/sampling';
import { expect, it } from 'vitest';
import { between } from '../sampling/logits.ts';

const samples = fc.array(between(-9, 9), { minLength: 1, maxLength: 30 });

it('gives the mean, and an interval within the values', () => {
  fc.assert(
    fc.property(samples, (values) => {
      const { mean, low, high } = bootstrap(values, { resamples: 200 });
      expect(mean).toBeCloseTo(values.reduce((a, b) => a + b, 0) / values.length, 9);
      expect(low).toBeLessThanOrEqual(high);
      expect(low).toBeGreaterThanOrEqual(Math.min(...values) - 1e-9);
      expect(high).toBeLessThanOrEqual(Math.max(...values) + 1e-9);
    }),
  );
});

it('is the same for the same seed and another for another', () => {
  const values = [1, 2, 4, 8, 16, 32];
  expect(bootstrap(values, { seed: 7 })).toEqual(bootstrap(values, { seed: 7 }));
  expect(bootstrap(values, { seed: 8 })).not.toEqual(bootstrap(values, { seed: 7 }));
  expect(bootstrap(values, { confidence: 0.99, seed: 7 }).high).toBeGreaterThan(
    bootstrap(values, { confidence: 0.5, seed: 7 }).high,
  );
});

it('of many values is the interval of the normal law', () => {
  const values = Array.from({ length: 2000 }, (_, i) => (i * 0.618034) % 1);
  const { mean, low, high } = bootstrap(values, { resamples: 4000 });
  const deviation = 1 / Math.sqrt(12 * values.length);
  expect((high - mean) / deviation).toBeCloseTo(1.96, 0);
  expect((mean - low) / deviation).toBeCloseTo(1.96, 0);
});

it('holds the true mean as often as it says', () => {
  const trials = 400;
  let held = 0;
  for (let trial = 0; trial < trials; trial++) {
    const values = Array.from({ length: 40 }, (_, i) => uniform(trial, 9, i));
    const { low, high } = bootstrap(values, { confidence: 0.9, resamples: 300, seed: trial });
    if (low <= 0.5 && 0.5 <= high) held++;
  }
  // 0.9 less what 40 values cost, and four deviations of 400 trials either way.
  expect(held / trials).toBeGreaterThan(0.82);
  expect(held / trials).toBeLessThan(0.96);
});

it('refuses what has no mean or no interval', () => {
  expect(() => bootstrap([])).toThrow('values must be finite numbers, one or more, got none');
  expect(() => bootstrap([1, Number.NaN])).toThrow('got NaN at index 1');
  expect(() => bootstrap([1], { confidence: 1 })).toThrow(
    'confidence must be a number in (0, 1), got 1',
  );
  expect(() => bootstrap([1], { resamples: 0 })).toThrow('resamples must be an integer in [1,');
  expect(() => bootstrap([1], { seed: 0.5 })).toThrow('seed must be an integer');
});
