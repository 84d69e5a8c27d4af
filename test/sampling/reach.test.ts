import { Sampler, type SamplingOptions, samplingOptions } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { expectNear, fromProbabilities, row } from './logits.ts';

interface Reach {
  readonly logits: Float32Array;
  readonly history?: readonly number[];
  /** Options beside which the one under test is set. */
  readonly beside?: SamplingOptions;
  readonly value: SamplingOptions;
  /** The distribution without and with the option. */
  readonly without: readonly number[];
  readonly with: readonly number[];
}

const thirds = [0.5, 0.3, 0.2];
const logits = fromProbabilities(...thirds);
const half = 1 / 3;

/** Keeps a text at one token. */
const only = (token: number) => ({
  fillMask: (mask: Uint8Array) => mask.fill(1, token, token + 1),
  accept() {},
  reset() {},
});

/** One proof per option that it reaches the distribution. Seed, which does not, is below. */
const reaches: Record<Exclude<keyof SamplingOptions, 'seed'>, Reach> = {
  temperature: {
    logits,
    value: { temperature: 0.5 },
    without: thirds,
    with: [0.25 / 0.38, 0.09 / 0.38, 0.04 / 0.38],
  },
  topK: { logits, value: { topK: 2 }, without: thirds, with: [0.625, 0.375, 0] },
  topP: { logits, value: { topP: 0.6 }, without: thirds, with: [0.625, 0.375, 0] },
  minP: { logits, value: { minP: 0.5 }, without: thirds, with: [0.625, 0.375, 0] },
  minTokensToKeep: {
    logits,
    beside: { topK: 1 },
    value: { minTokensToKeep: 2 },
    without: [1, 0, 0],
    with: [0.625, 0.375, 0],
  },
  logitBias: {
    logits,
    value: { logitBias: { 0: -Infinity } },
    without: thirds,
    with: [0, 0.6, 0.4],
  },
  repetitionPenalty: {
    logits: row(2 * Math.LN2, Math.LN2, Math.LN2),
    history: [0],
    value: { repetitionPenalty: 2 },
    without: [0.5, 0.25, 0.25],
    with: [half, half, half],
  },
  presencePenalty: {
    logits: row(Math.LN2, 0, 0),
    history: [0, 0],
    value: { presencePenalty: Math.LN2 },
    without: [0.5, 0.25, 0.25],
    with: [half, half, half],
  },
  frequencyPenalty: {
    logits: row(2 * Math.LN2, 0, 0),
    history: [0, 0],
    value: { frequencyPenalty: Math.LN2 },
    without: [2 / 3, 1 / 6, 1 / 6],
    with: [half, half, half],
  },
  penaltyWindow: {
    logits: row(Math.LN2, Math.LN2, 0),
    history: [0, 1],
    beside: { presencePenalty: Math.LN2 },
    value: { penaltyWindow: 1 },
    without: [half, half, half],
    with: [0.5, 0.25, 0.25],
  },
  dynamicTemperature: {
    logits: row(0, 0, -Infinity),
    beside: { logitBias: { 0: Math.LN2 } },
    // H / ln 2 = 0.9183 of two tokens at 2 : 1, so τ = 0.5 + 0.9183.
    value: { dynamicTemperature: { range: 0.5 } },
    without: [2 / 3, 1 / 3, 0],
    with: [0.6198, 0.3802, 0],
  },
  topNSigma: {
    // σ = 1.2472, and only the second logit lies within 2 of the largest.
    logits: row(3, 2, 0),
    value: { topNSigma: 1.7 },
    without: [0.7054, 0.2595, 0.0351],
    with: [0.7311, 0.2689, 0],
  },
  // H = 1.0297, and −ln p = 0.69, 1.20, 1.61: the second is closest, then the first.
  typicalP: { logits, value: { typicalP: 0.25 }, without: thirds, with: [0, 1, 0] },
  epsilonCutoff: {
    logits,
    value: { epsilonCutoff: 0.25 },
    without: thirds,
    with: [0.625, 0.375, 0],
  },
  // min(0.5, 0.7071 · e^−1.0297) = 0.2525.
  etaCutoff: { logits, value: { etaCutoff: 0.5 }, without: thirds, with: [0.625, 0.375, 0] },
  // 0.5² = 0.25.
  topA: { logits, value: { topA: 1 }, without: thirds, with: [0.625, 0.375, 0] },
  // −p ln p = 0.3466, 0.3612, 0.3219.
  topH: { logits, value: { topH: 0.7 }, without: thirds, with: [0.625, 0.375, 0] },
  xtc: {
    logits,
    value: { xtc: { probability: 1, threshold: 0.25 } },
    without: thirds,
    with: [0, 0.6, 0.4],
  },
  // −log2 p = 1, 1.74, 2.32 bits, and μ = 2.
  mirostat: {
    logits,
    value: { mirostat: { version: 2, tau: 1 } },
    without: thirds,
    with: [0.625, 0.375, 0],
  },
  dry: {
    logits: row(Math.LN2, 0, 0),
    history: [0, 1, 0, 1],
    value: { dry: { multiplier: Math.LN2 } },
    without: [0.5, 0.25, 0.25],
    with: [half, half, half],
  },
  noRepeatNgramSize: {
    logits,
    history: [1, 0, 1],
    value: { noRepeatNgramSize: 2 },
    without: thirds,
    with: [0, 0.6, 0.4],
  },
  badWords: {
    logits,
    history: [1],
    value: { badWords: [[1, 0]] },
    without: thirds,
    with: [0, 0.6, 0.4],
  },
  bannedTokens: { logits, value: { bannedTokens: [0] }, without: thirds, with: [0, 0.6, 0.4] },
  allowedTokens: { logits, value: { allowedTokens: [1, 2] }, without: thirds, with: [0, 0.6, 0.4] },
  endTokens: {
    logits,
    beside: { minNewTokens: 500, endTokens: [2] },
    value: { endTokens: [0] },
    without: [0.625, 0.375, 0],
    with: [0, 0.6, 0.4],
  },
  minNewTokens: {
    logits,
    beside: { endTokens: [0] },
    value: { minNewTokens: 500 },
    without: thirds,
    with: [0, 0.6, 0.4],
  },
  constraint: { logits, value: { constraint: only(1) }, without: thirds, with: [0, 1, 0] },
  order: {
    logits: row(3, 2, 1),
    beside: { temperature: 0.5, topP: 0.8 },
    value: { order: 'temperature-last' },
    without: [1, 0, 0],
    with: [0.8808, 0.1192, 0],
  },
};

describe('every option reaches the token', () => {
  it('and none is missing here', () => {
    expect(Object.keys({ ...reaches, seed: 0 }).sort()).toEqual(
      Object.keys(samplingOptions).sort(),
    );
  });

  it.each(Object.entries(reaches))('%s', (_name, reach) => {
    const at = reach.history ? { history: reach.history } : {};
    const plain = new Sampler(reach.beside);
    const changed = new Sampler({ ...reach.beside, ...reach.value });
    expectNear(plain.probabilities(reach.logits, at), reach.without, 1e-4);
    expectNear(changed.probabilities(reach.logits, at), reach.with, 1e-4);
    const drawable = new Set([...reach.with.keys()].filter((id) => reach.with[id] > 0));
    const drawn = new Set<number>();
    for (let step = 0; step < 400; step++)
      drawn.add(changed.sample(reach.logits, { ...at, step }).token);
    expect([...drawn].sort()).toEqual([...drawable].sort());
  });

  it('seed', () => {
    const tokens = (seed: number) => {
      const sampler = new Sampler({ seed });
      return Array.from({ length: 20 }, () => sampler.sample(logits).token);
    };
    expect(tokens(1)).toEqual(tokens(1));
    expect(tokens(1)).not.toEqual(tokens(2));
    expect(tokens(1)).not.toEqual(tokens(-1));
    expect(tokens(1)).not.toEqual(tokens(2 ** 32 + 1));
  });
});
