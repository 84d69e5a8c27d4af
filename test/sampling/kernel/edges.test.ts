// Where rows too long to list could differ from those that are listed.
import { Sampler, type SamplingOptions } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { expectAgreement } from '../../reference/agreement.ts';
import { rowOf } from './rows.ts';

const LARGEST = 3.4028234663852886e38;
const constant = (value: number, size = 513) => new Float32Array(size).fill(value);
const keptOf = (row: Float32Array, options: SamplingOptions) =>
  new Sampler(options).inspect(row, { top: 0 }).kept;

describe('in a row too long to list', () => {
  it.each<[SamplingOptions, number]>([
    [{ topP: 0, minTokensToKeep: 97 }, 97],
    [{ topP: 1e-9, minTokensToKeep: 65 }, 65],
    [{ topP: 0.2, minTokensToKeep: 512 }, 512],
    // Not even the first token fits in so little entropy.
    [{ topH: 0.001, minTokensToKeep: 100 }, 100],
    [{ topH: 0.001, minTokensToKeep: 600 }, 600],
    [{ topH: 0.001, minTokensToKeep: 64 }, 64],
  ])('%j keeps %d', (options, kept) => {
    expect(keptOf(constant(1, 1000), options)).toBe(kept);
  });

  it.each([1, -LARGEST, LARGEST])('no token of probability 1/513 at %d reaches more', (value) => {
    expect(keptOf(constant(value), { epsilonCutoff: 0.09 })).toBe(1);
    expect(keptOf(constant(value), { epsilonCutoff: 0.001 })).toBe(513);
  });

  it('equals at the top do not reach more at a temperature next to 0 either', () => {
    const row = constant(1);
    row.fill(4, 100, 111);
    const temperature = 5e-324;
    expect(keptOf(row, { temperature, epsilonCutoff: 0.1 })).toBe(1);
    expect(keptOf(row, { temperature, epsilonCutoff: 0.09 })).toBe(11);
  });

  it('top-p is exact where a sample of the row misleads', () => {
    let compared = 0;
    for (let seed = 0; seed < 60; seed++) {
      const row = rowOf({ shape: 'striped', size: 12_288 + 64 * seed, seed });
      if (expectAgreement(row, { topP: (seed + 0.5) / 60, seed })) compared++;
    }
    expect(compared).toBeGreaterThan(50);
  });
});

describe('what is shown is what is drawn', () => {
  const wide = Float32Array.from({ length: 1024 }, (_, id) => (id % 2 ? 3e38 : -3e38));
  const denormal = new Float32Array(513);
  denormal[7] = 2 ** -149;

  it.each<[string, Float32Array, SamplingOptions]>([
    ['logits further apart than Float32 reaches, alike', wide, { temperature: Infinity }],
    ['such logits at a temperature as large', wide, { temperature: 1e38 }],
    [
      'biases as far apart',
      constant(0),
      { temperature: Infinity, logitBias: { 1: 1e39, 2: -1e39 } },
    ],
    ['a temperature next to 0', denormal, { temperature: 1e-45 }],
  ])('with %s', (_, row, options) => {
    const p = new Sampler(options).probabilities(row);
    expect(p.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
    const drawn = new Float64Array(row.length);
    const draws = 20_000;
    const sampler = new Sampler({ ...options, seed: 3 });
    for (let step = 0; step < draws; step++) drawn[sampler.sampleToken(row, { step })] += 1 / draws;
    const half = (q: Float64Array) => q.reduce((sum, x, id) => sum + (id % 2 ? x : 0), 0);
    expect(half(drawn)).toBeCloseTo(half(p), 1);
  });
});

it.each([2, 3, 5, 7, 9, 10, 49, 100, 513, 1000])('each of %d equals has its share', (n) => {
  const kept = (options: SamplingOptions) => keptOf(constant(2, n), options);
  expect(kept({ epsilonCutoff: 1 / n })).toBe(n);
  expect(kept({ epsilonCutoff: 1.001 / n })).toBe(1);
  expect(kept({ topA: n })).toBe(n);
  expect(kept({ xtc: { probability: 1, threshold: 1 / n } })).toBe(1);
  expect(kept({ xtc: { probability: 1, threshold: Math.min(0.5, 1.001 / n) } })).toBe(
    n === 2 ? 1 : n,
  );
});

it('lists by the model what an infinite temperature makes equal', () => {
  const row = Float32Array.from(
    { length: 2000 },
    (_, id) => -((id * 7) % 2000) - (id > 1500 ? 1e4 : 0),
  );
  const seen = new Sampler({
    temperature: Infinity,
    order: ['temperature', 'logitBias'].toReversed(),
  });
  const all = seen.inspect(row, { top: 2000 }).candidates.map(({ token }) => token);
  const raw = new Sampler().inspect(row, { top: 2000 }).candidates.map(({ token }) => token);
  expect(all).toEqual(raw);
  expect(seen.inspect(row, { top: 20 }).candidates.map(({ token }) => token)).toEqual(
    all.slice(0, 20),
  );
});
