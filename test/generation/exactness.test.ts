import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inexactBy } from '../../src/generation/exactness.ts';
import type { Sight } from '../../src/model/text-model.ts';
import { logSoftmax, Sampler, type SamplingOptions } from '../../src/sampling/index.ts';

/** A row as an engine that tells of the `count` likeliest tokens lets it be known. */
function censored(full: Float32Array, count: number, isLowFirst: boolean) {
  const order = [...full.keys()].sort(
    (a, b) => full[b]! - full[a]! || (isLowFirst ? a - b : b - a),
  );
  const tokens = order.slice(0, count);
  const seen = tokens.reduce((sum, token) => sum + Math.exp(full[token]!), 0);
  const others = full.length - count;
  const tail = Math.max(0, 1 - seen);
  const least = full[tokens.at(-1)!]!;
  const row = new Float32Array(full.length).fill(
    Math.min(least, Math.log(Math.max(tail, 1e-12) / others)),
  );
  for (const token of tokens) row[token] = full[token]!;
  return { row, sight: { tokens, least, tail, others } satisfies Sight };
}

const probability = fc.double({ min: 0.02, max: 0.98, noNaN: true });
const bias = fc.double({ min: -6, max: 6, noNaN: true });
const values: { readonly [Name in keyof SamplingOptions]: fc.Arbitrary<unknown> } = {
  temperature: fc.constantFrom(0, 0.05, 0.5, 0.9, 1, 1.3, 3, Number.POSITIVE_INFINITY),
  topK: fc.integer({ min: 0, max: 12 }),
  topP: probability,
  minP: probability,
  typicalP: probability,
  topNSigma: fc.constantFrom(0.5, 1, 2),
  epsilonCutoff: fc.constantFrom(0.001, 0.02),
  topA: probability,
  xtc: fc.constant({ probability: 1, threshold: 0.1 }),
  dynamicTemperature: fc.constant({ range: 0.2 }),
  presencePenalty: bias,
  frequencyPenalty: bias,
  repetitionPenalty: fc.constantFrom(1, 1.2),
  logitBias: fc.dictionary(fc.integer({ min: 0, max: 39 }).map(String), bias, { maxKeys: 4 }),
  bannedTokens: fc.uniqueArray(fc.integer({ min: 0, max: 39 }), { maxLength: 4 }),
  allowedTokens: fc.uniqueArray(fc.integer({ min: 0, max: 39 }), { minLength: 1, maxLength: 4 }),
  minTokensToKeep: fc.integer({ min: 1, max: 4 }),
  order: fc.constantFrom('temperature-first', 'temperature-last'),
};
const names = Object.keys(values) as (keyof SamplingOptions)[];
const options: fc.Arbitrary<SamplingOptions> = fc
  .shuffledSubarray([...names, 'topK', 'topP', 'minP', 'temperature'] as const, { maxLength: 5 })
  .chain((set) => fc.record(Object.fromEntries(set.map((name) => [name, values[name]!]))))
  .filter((given) => {
    try {
      new Sampler(given);
      return true;
    } catch {
      return false;
    }
  });

const rows = fc
  .record({
    logits: fc.array(fc.double({ min: -12, max: 4, noNaN: true }), {
      minLength: 40,
      maxLength: 120,
    }),
    // Coarse rows have equals, as those of quantised models do.
    grain: fc.constantFrom(0, 0.5, 4),
    sharpness: fc.constantFrom(0.2, 1, 2),
  })
  .map(({ logits, grain, sharpness }) => {
    const grained = logits.map((x) => sharpness * (grain ? Math.round(x / grain) * grain : x));
    return Float32Array.from(logSoftmax(Float32Array.from(grained)));
  });

/** Whether a step is called exact; if so it is: the whole row gives the same. */
function checked(
  full: Float32Array,
  { row, sight }: ReturnType<typeof censored>,
  sampler: Sampler,
): boolean {
  if (inexactBy(sampler, row, sight) !== undefined) return false;
  const [seen, whole] = [row, full].map((one) => sampler.probabilities(one, { step: 3 }));
  for (const [token, p] of whole!.entries()) expect(seen![token]).toBeCloseTo(p, 6);
  expect(sampler.sampleToken(row, { step: 3 })).toBe(sampler.sampleToken(full, { step: 3 }));
  return true;
}

describe('where a step is called exact, the whole row gives the same distribution and token', () => {
  it('under any options', () => {
    const counts = { exact: 0, inexact: 0 };
    fc.assert(
      fc.property(
        rows,
        fc.integer({ min: 6, max: 39 }),
        fc.boolean(),
        options,
        fc.array(fc.integer({ min: 0, max: 39 }), { maxLength: 5 }),
        fc.nat(),
        (full, count, isLowFirst, given, history, seed) => {
          const sampler = new Sampler({ ...given, seed });
          sampler.reset(history);
          try {
            sampler.sampleToken(full, { step: 3 });
          } catch {
            // Every token is banned.
            return;
          }
          const isExact = checked(full, censored(full, count, isLowFirst), sampler);
          counts[isExact ? 'exact' : 'inexact'] += 1;
        },
      ),
      { numRuns: 5000 },
    );
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(100);
  });

  it('under top-p, with what is untold in few large parts or in many small ones', () => {
    const counts = { exact: 0, inexact: 0 };
    fc.assert(
      fc.property(
        fc.double({ min: 0.3, max: 0.8, noNaN: true }),
        fc.integer({ min: 3, max: 8 }),
        fc.boolean(),
        fc.record(
          {
            topP: fc.double({ min: 0.5, max: 0.99, noNaN: true }),
            temperature: fc.constantFrom(0.3, 0.6, 0.8, 1, 1.2, 1.5, 2),
            topNSigma: fc.constantFrom(0.5, 1, 1.5, 2),
            topK: fc.constantFrom(9, 12, 30),
            minP: fc.constantFrom(0.001, 0.01, 0.1),
            logitBias: fc.constantFrom(
              Object.fromEntries(Array.from({ length: 50 }, (_, i) => [50 + i, -9])),
              Object.fromEntries(Array.from({ length: 50 }, (_, i) => [10 + i, -9])),
              { 60: 1, 61: 2 },
            ),
          },
          { requiredKeys: ['topP', 'temperature'] },
        ),
        fc.nat(),
        (decay, count, isConcentrated, given, seed) => {
          const told = Array.from({ length: count }, (_, i) => decay ** i);
          const least = told.at(-1)!;
          const others = isConcentrated
            ? // As likely as the least told, and nothing.
              Array.from({ length: 100 - count }, (_, i) => (i < 3 ? 0.999 * least : 1e-9))
            : new Array<number>(100 - count).fill((3 * least) / (100 - count));
          const full = logSoftmax(Float32Array.from([...told, ...others], Math.log));
          const sampler = new Sampler({ ...given, seed });
          const row = Float32Array.from(full);
          const isExact = checked(row, censored(row, count, true), sampler);
          counts[isExact ? 'exact' : 'inexact'] += 1;
        },
      ),
      { numRuns: 5000 },
    );
    expect(Math.min(...Object.values(counts))).toBeGreaterThan(100);
  });
});

describe('a step of which 8 of 40 tokens are known', () => {
  const full = Float32Array.from(logSoftmax(Float32Array.from({ length: 40 }, (_, i) => -0.6 * i)));
  const { row, sight } = censored(full, 8, true);
  const by = (given: SamplingOptions, history: number[] = []) => {
    const sampler = new Sampler({ ...given, seed: 1 });
    sampler.reset(history);
    return inexactBy(sampler, row, sight);
  };

  it.each<[string, SamplingOptions]>([
    ['greedy', { temperature: 0 }],
    ['top-k below what is told', { topK: 7 }],
    ['top-k, at any temperature', { topK: 7, temperature: 2 }],
    ['min-p above the least told', { minP: 0.05 }],
    ['top-p within it', { topP: 0.9 }],
    ['top-p, colder', { topP: 0.9, temperature: 0.7 }],
    ['top-p, a little hotter', { topP: 0.6, temperature: 1.1 }],
    ['top-p that is not, before min-p that is', { topP: 0.995, minP: 0.3 }],
    ['any filter behind top-k', { topK: 7, typicalP: 0.5, topA: 0.1, xtc: { probability: 1 } }],
    ['a penalty that leaves enough', { topK: 6, presencePenalty: 0.3 }],
    ['a bias for a token that is told', { topK: 6, logitBias: { 2: 5 } }],
    ['a bias for one that is not, but too small', { topK: 4, logitBias: { 20: 1 } }],
    [
      'a dynamic temperature of what top-k left',
      { topK: 7, dynamicTemperature: { range: 0.5 }, order: 'temperature-last' },
    ],
  ])('is exact: %s', (_, given) => {
    expect(by(given, [0, 1])).toBeUndefined();
  });

  it.each<[string, SamplingOptions, string]>([
    ['nothing is cut', {}, ''],
    ['nothing but the temperature is set', { temperature: 0.7 }, ''],
    // Of the last one that is told nobody knows whether another equals it.
    ['top-k is as large as what is told', { topK: 8 }, 'topK'],
    ['min-p is too low', { minP: 0.001 }, 'minP'],
    ['top-p is too high', { topP: 0.999 }, 'topP'],
    ['it is too hot for top-p', { topP: 0.9, temperature: 3 }, 'topP'],
    ['the deviation of all counts', { topNSigma: 1, topK: 5 }, 'topNSigma'],
    ['the entropy of all counts', { typicalP: 0.5 }, 'typicalP'],
    [
      'the temperature follows it',
      { dynamicTemperature: { range: 0.5 }, topK: 5 },
      'dynamicTemperature',
    ],
    ['signs of logits count', { repetitionPenalty: 1.1, topK: 2 }, 'repetitionPenalty'],
    ['penalties leave too few', { topK: 6, presencePenalty: 9 }, 'topK'],
    ['a bias may lift what is not told', { topK: 4, logitBias: { 20: 5 } }, 'topK'],
    ['mirostat', { mirostat: { version: 2, tau: 3, eta: 0.1 } }, 'mirostat'],
  ])('is not where %s', (_, given, name) => {
    expect(by(given, [0, 1])).toBe(name);
  });
});
