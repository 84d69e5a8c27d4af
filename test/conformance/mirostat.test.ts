// Mirostat (Basu et al. 2020, arXiv:2007.14966): worked from its algorithms, and checked for what
// they are for. Like llama.cpp (src/llama-sampler.cpp) both versions take the surprise of a token
// from the distribution it was drawn from; the authors' own code (basusourya/mirostat) takes it
// from the one before the cut, and keeps one token more.
import { Sampler, type SamplingOptions } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { fromProbabilities, row } from '../sampling/logits.ts';

type Mirostat = NonNullable<SamplingOptions['mirostat']>;
const keptCount = (logits: Float32Array, mirostat: Mirostat, others?: SamplingOptions) =>
  new Sampler({ mirostat, ...others }).inspect(logits).kept;

/** N tokens of which the i-th has a probability in proportion to i^−s. */
const zipf = (tokens: number, exponent: number) =>
  Float32Array.from({ length: tokens }, (_, i) => -exponent * Math.log(i + 1));
const HALVES = fromProbabilities(1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 16);

describe('version 1', () => {
  // The exponent of Zipf's law is found exactly, so k = ((s − 1) 2^μ / (1 − N^(1 − s)))^(1 / s).
  it.each([
    // (0.2 · 2^6.1 / (1 − 1000^−0.2))^(1 / 1.2) = 11.28
    [1000, 1.2, 3.05, 11],
    // (0.5 · 2^6 / (1 − 1000^−0.5))^(1 / 1.5) = 10.30
    [1000, 1.5, 3, 10],
    // (1 · 2^8 / (1 − 1000^−1))^(1 / 2) = 16.01
    [1000, 2, 4, 16],
    // (0.1 · 2^2 / (1 − 50000^−0.1))^(1 / 1.1) = 0.63, but never none
    [50_000, 1.1, 1, 1],
    // (−0.5 · 2^7 / (1 − 400^0.5))^(1 / 0.5) = 11.35
    [400, 0.5, 3.5, 11],
    // At an exponent of 1 the factor (s − 1) / (1 − N^(1 − s)) tends to 1 / ln N: 2^6 / ln 1000 = 9.26
    [1000, 1, 3, 9],
    [400, 0.5, 20, 400],
  ])('keeps k tokens of %d by Zipf with %d at tau %d: %d', (tokens, exponent, tau, k) => {
    expect(keptCount(zipf(tokens, exponent), { version: 1, tau })).toBe(k);
  });

  it('estimates from 100 tokens', () => {
    // The tail falls off a cliff that the estimate does not see.
    const cliff = zipf(1000, 1.2).map((z, i) => (i < 100 ? z : z - 50));
    expect(keptCount(cliff, { version: 1, tau: 3.05 })).toBe(11);
  });

  it('is at ease with one token and with equals', () => {
    expect(keptCount(row(2), { version: 1 })).toBe(1);
    expect(keptCount(new Float32Array(8), { version: 1, tau: 5 })).toBe(8);
  });
});

describe('version 2', () => {
  // Surprises are 1, 2, 3, 4 and 4 bits; μ is 2 tau before the first token.
  it.each([
    [0, 1],
    [0.4, 1],
    [0.9, 1],
    [1.1, 2],
    [1.6, 3],
    [1.9, 3],
    [2.1, 5],
    [5, 5],
  ])('keeps what is at most 2 · %d bits: %d tokens', (tau, count) => {
    expect(keptCount(HALVES, { version: 2, tau })).toBe(count);
  });

  it('sees the tempered distribution, whatever the order', () => {
    // Squared: 64, 16, 4, 1, 1 of 86, or 0.426, 2.426, 4.426, 6.426 bits.
    for (const order of ['temperature-first', 'temperature-last'] as const) {
      expect(keptCount(HALVES, { version: 2, tau: 1.3 }, { temperature: 0.5, order })).toBe(2);
      expect(keptCount(HALVES, { version: 2, tau: 1.1 }, { temperature: 0.5, order })).toBe(1);
    }
  });

  it('moves μ by eta times the error of the token drawn', () => {
    // μ = 3.4 keeps 4/7, 2/7 and 1/7: 0.807, 1.807 and 2.807 bits. With eta 1 and tau 1.7 the next
    // μ is 5.1 less that: 4.293, 3.293 or 2.293, which keeps 5, 3 or 2.
    const then = [5, 3, 2];
    const seen = new Set<number>();
    for (let seed = 0; seed < 30; seed++) {
      const sampler = new Sampler({ mirostat: { version: 2, tau: 1.7, eta: 1 }, seed });
      const { token, kept } = sampler.sample(HALVES);
      expect(kept).toBe(3);
      expect(sampler.inspect(HALVES).kept).toBe(then[token]);
      seen.add(token);
    }
    expect(seen.size).toBe(3);
  });

  it('starts over at a reset', () => {
    const sampler = new Sampler({ mirostat: { version: 2, tau: 1.7, eta: 1 }, seed: 1 });
    for (let step = 0; step < 5; step++) sampler.sample(HALVES);
    sampler.reset();
    expect(sampler.inspect(HALVES).kept).toBe(3);
  });
});

describe.each([1, 2] as const)('version %d', (version) => {
  it.each([2, 3, 4.5])('holds the mean surprise at %d bits', (tau) => {
    const sampler = new Sampler({ mirostat: { version, tau }, seed: 5 });
    const logits = zipf(1000, 1.1);
    const steps = 1000;
    let bits = 0;
    for (let step = 0; step < steps; step++) bits -= sampler.sample(logits).shapedLogprob;
    // What μ has moved by is eta times the sum of all errors, and μ itself stays bounded.
    expect(Math.abs(bits / Math.LN2 / steps - tau)).toBeLessThan(0.1);
  });

  it('refuses to share the work with a filter', () => {
    for (const filter of [{ topK: 5 }, { topP: 0.9 }, { minP: 0.1 }, { xtc: { probability: 1 } }])
      expect(() => new Sampler({ mirostat: { version }, ...filter })).toThrow(/mirostat/);
  });
});
