// The reference against numbers worked out by hand.
import { describe, expect, it } from 'vitest';
import {
  draw,
  type ReferenceOptions,
  type ReferencePosition,
  reference,
  updateMu,
} from './reference.ts';

const row = (...probabilities: number[]) => Float32Array.from(probabilities, Math.log);
const TENTHS = row(0.4, 0.1, 0.3, 0.2);

const keptBy = (logits: Float32Array, options: ReferenceOptions, at?: ReferencePosition) =>
  reference(logits, options, at).kept;
/** Log-probabilities relative to the last id: the edited logits up to a shift. */
const edited = (logits: Float32Array, options: ReferenceOptions, at?: ReferencePosition) => {
  const p = reference(logits, options, at).probabilities;
  return Array.from(p, (value) => Math.round(1e5 * Math.log(value / p[p.length - 1])) / 1e5);
};

describe('filters on 0.4, 0.1, 0.3, 0.2', () => {
  // H = 1.279854 nats. Surprisals .9163, 2.3026, 1.2040, 1.6094; their distances to H .3636,
  // 1.0227, .0759, .3296. The logits' mean is −1.508, their σ .5206.
  it.each<[ReferenceOptions, number[]]>([
    [{ topK: 2 }, [0, 2]],
    [{ topP: 0.69 }, [0, 2]],
    [{ topP: 0.71 }, [0, 2, 3]],
    [{ topP: 0 }, [0]],
    [{ minP: 0.49 }, [0, 2, 3]],
    [{ minP: 0.51 }, [0, 2]],
    [{ minP: 1 }, [0]],
    [{ typicalP: 0.29 }, [2]],
    [{ typicalP: 0.49 }, [2, 3]],
    [{ typicalP: 0.51 }, [0, 2, 3]],
    [{ typicalP: 0.95 }, [0, 1, 2, 3]],
    [{ epsilonCutoff: 0.15 }, [0, 2, 3]],
    [{ epsilonCutoff: 0.9 }, [0]],
    // √.9 · e^−H = .26383; √.2 · e^−H = .12437; and ε itself where that is less.
    [{ etaCutoff: 0.9 }, [0, 2]],
    [{ etaCutoff: 0.2 }, [0, 2, 3]],
    [{ etaCutoff: 0.05 }, [0, 1, 2, 3]],
    // .16 a
    [{ topA: 1.2 }, [0, 2, 3]],
    [{ topA: 1.3 }, [0, 2]],
    [{ topA: 0.6 }, [0, 1, 2, 3]],
    [{ topA: 99 }, [0]],
    // −p ln p: .3665, .3612, .3219, .2303; running .3665, .7277, 1.0496, H.
    [{ topH: 0.1 }, [0]],
    [{ topH: 0.56 }, [0]],
    [{ topH: 0.58 }, [0, 2]],
    [{ topH: 0.83 }, [0, 2, 3]],
    [{ topH: 1 }, [0, 1, 2, 3]],
    // ln .4 − ln .3 = .2877, ln .4 − ln .2 = .6931, ln .4 − ln .1 = 1.3863
    [{ topNSigma: 0.55 }, [0]],
    [{ topNSigma: 0.56 }, [0, 2]],
    [{ topNSigma: 1.34 }, [0, 2, 3]],
    [{ topNSigma: 2.67 }, [0, 1, 2, 3]],
    [{ xtc: { probability: 1, threshold: 0.15 } }, [1, 3]],
    [{ xtc: { probability: 1, threshold: 0.25 } }, [1, 2, 3]],
    [{ xtc: { probability: 1, threshold: 0.35 } }, [0, 1, 2, 3]],
    [{ xtc: { probability: 1, threshold: 0.05 }, minTokensToKeep: 2 }, [0, 1, 2, 3]],
    // −log₂ p: 1.3219, 3.3219, 1.7370, 2.3219; μ = 2 tau
    [{ mirostat: { version: 2, tau: 0.5 } }, [0]],
    [{ mirostat: { version: 2, tau: 0.9 } }, [0, 2]],
    [{ mirostat: { version: 2, tau: 1.2 } }, [0, 2, 3]],
    // ŝ = (.2877·ln 2 + .4055·ln 3/2 + .6931·ln 4/3) / (ln² 2 + ln² 3/2 + ln² 4/3) = .774054
    // k = (−.225946·2^μ / (1 − 4^.225946))^(1/.774054) = .533, 1.305, 1.560, 3.194 at μ 0, 1, 1.2, 2
    [{ mirostat: { version: 1, tau: 0 } }, [0]],
    [{ mirostat: { version: 1, tau: 0.5 } }, [0]],
    [{ mirostat: { version: 1, tau: 0.6 } }, [0, 2]],
    [{ mirostat: { version: 1, tau: 1 } }, [0, 2, 3]],
    [{ mirostat: { version: 1, tau: 5 } }, [0, 1, 2, 3]],
  ])('%j', (options, kept) => {
    expect(keptBy(TENTHS, options)).toEqual(kept);
  });

  it('give exactly as many as minTokensToKeep where they would give fewer', () => {
    const minTokensToKeep = 3;
    const one: ReferenceOptions[] = [
      { topK: 1 },
      { topP: 0 },
      { minP: 1 },
      { epsilonCutoff: 0.9 },
      { etaCutoff: 0.99 },
      { topA: 2.4 },
      { topH: 0.1 },
      { topNSigma: 0.1 },
      { mirostat: { version: 2, tau: 0 } },
      { mirostat: { version: 1, tau: 0 } },
    ];
    for (const options of one)
      expect(keptBy(TENTHS, { ...options, minTokensToKeep })).toEqual([0, 2, 3]);
    expect(keptBy(row(0.97, 0.02, 0.01), { typicalP: 0.1, minTokensToKeep: 2 })).toEqual([0, 1]);
  });

  it('judge what the one before left', () => {
    expect(keptBy(TENTHS, { topP: 0.71, minP: 0.51 })).toEqual([0, 2]);
    // .4/.7 = .571 is enough for .55, .4 was not.
    expect(keptBy(TENTHS, { topK: 2, topP: 0.55 })).toEqual([0]);
    expect(keptBy(TENTHS, { topK: 2, topP: 0.55, order: ['topP', 'topK'] })).toEqual([0, 2]);
    // Squared and renormalised: .5333, .0333, .3, .1333.
    expect(keptBy(TENTHS, { temperature: 0.5, topP: 0.5 })).toEqual([0]);
    expect(keptBy(TENTHS, { temperature: 0.5, topP: 0.5, order: 'temperature-last' })).toEqual([
      0, 2,
    ]);
  });
});

describe('temperature', () => {
  it('squares at a half', () => {
    const { probabilities } = reference(TENTHS, { temperature: 0.5 });
    for (const [id, square] of [16, 1, 9, 4].entries())
      expect(probabilities[id]).toBeCloseTo(square / 30, 6);
  });

  it('at 0, at Infinity and in between', () => {
    const logits = Float32Array.of(1, 3, 3, -Infinity);
    expect(reference(logits, { temperature: 0 }).cutBy).toEqual([
      'temperature',
      undefined,
      'temperature',
      'model',
    ]);
    expect([...reference(logits, { temperature: Infinity }).probabilities]).toEqual([
      1 / 3,
      1 / 3,
      1 / 3,
      0,
    ]);
    expect([...reference(logits, { temperature: 1e-3 }).probabilities]).toEqual([0, 0.5, 0.5, 0]);
    expect(keptBy(logits, { temperature: Infinity, topK: 2 })).toEqual([1, 2]);
  });

  it('moves with the entropy when it is dynamic', () => {
    // H / ln 4 = .923220; at T 1, range .5: τ = .5 + .923220 = 1.423220.
    const { probabilities } = reference(TENTHS, { dynamicTemperature: { range: 0.5 } });
    expect(Math.log(probabilities[0] / probabilities[1])).toBeCloseTo(Math.log(4) / 1.42322, 5);
    const squared = reference(TENTHS, { dynamicTemperature: { range: 0.5, exponent: 2 } });
    const ratio = squared.probabilities[0] / squared.probabilities[1];
    expect(Math.log(ratio)).toBeCloseTo(Math.log(4) / (0.5 + 0.92322 ** 2), 5);
  });
});

describe('edits', () => {
  const zeros = new Float32Array(5);

  it('penalise', () => {
    const logits = Float32Array.of(3, -2, 1, 0);
    const history = [0, 0, 1];
    expect(edited(logits, { repetitionPenalty: 2 }, { history })).toEqual([1.5, -4, 1, 0]);
    const both = { repetitionPenalty: 2, frequencyPenalty: 0.5, presencePenalty: 0.25 };
    expect(edited(logits, both, { history })).toEqual([0.25, -4.75, 1, 0]);
    expect(edited(logits, { ...both, penaltyWindow: 1 }, { history })).toEqual([3, -4.75, 1, 0]);
    expect(edited(logits, { ...both, penaltyWindow: 9 }, { history })).toEqual([0.25, -4.75, 1, 0]);
  });

  it('do not repeat themselves', () => {
    const dry = { multiplier: 1, base: 2 };
    // 1 2 3 was followed by 0, so 0 would make a match of three: 2^(3 − 2).
    const history = [1, 2, 3, 0, 1, 2, 3];
    expect(edited(zeros, { dry }, { history })).toEqual([-2, 0, 0, 0, 0]);
    expect(edited(zeros, { dry: { ...dry, allowedLength: 3 } }, { history })).toEqual([
      -1, 0, 0, 0, 0,
    ]);
    expect(edited(zeros, { dry: { ...dry, allowedLength: 4 } }, { history })).toEqual([
      0, 0, 0, 0, 0,
    ]);
    // A breaker ends the match and is never penalised.
    expect(edited(zeros, { dry: { ...dry, sequenceBreakers: [1] } }, { history })).toEqual([
      -1, 0, 0, 0, 0,
    ]);
    expect(edited(zeros, { dry: { ...dry, sequenceBreakers: [2] } }, { history })).toEqual([
      0, 0, 0, 0, 0,
    ]);
    expect(edited(zeros, { dry: { ...dry, sequenceBreakers: [0] } }, { history })).toEqual([
      0, 0, 0, 0, 0,
    ]);
    // Matches may overlap: after 1 1 1 1 another 1 makes a match of three.
    expect(edited(zeros, { dry }, { history: [1, 1, 1, 1] })).toEqual([0, -2, 0, 0, 0]);
    // The longest match counts: 2 follows 0 1 twice, once after another 3.
    expect(edited(zeros, { dry }, { history: [3, 0, 1, 2, 0, 1, 2, 3, 0, 1] })).toEqual([
      0, 0, -2, 0, 0,
    ]);
  });

  it('ban', () => {
    const history = [0, 1, 2, 0, 1];
    expect(keptBy(zeros, { noRepeatNgramSize: 3 }, { history })).toEqual([0, 1, 3, 4]);
    expect(keptBy(zeros, { noRepeatNgramSize: 1 }, { history })).toEqual([3, 4]);
    expect(keptBy(zeros, { noRepeatNgramSize: 3 }, { history: [0, 1] })).toEqual([0, 1, 2, 3, 4]);
    const badWords = [[3], [0, 1, 4], [1, 1, 0], [2, 1, 1]];
    expect(keptBy(zeros, { badWords }, { history })).toEqual([0, 1, 2]);
    expect(keptBy(zeros, { badWords, endTokens: [3] }, { history })).toEqual([0, 1, 2, 3]);
    expect(keptBy(zeros, { bannedTokens: [1, 3] })).toEqual([0, 2, 4]);
    expect(keptBy(zeros, { allowedTokens: [1, 3] })).toEqual([1, 3]);
    expect(keptBy(zeros, { endTokens: [4], minNewTokens: 2 }, { step: 1 })).toEqual([0, 1, 2, 3]);
    expect(keptBy(zeros, { endTokens: [4], minNewTokens: 2 }, { step: 2 })).toEqual([
      0, 1, 2, 3, 4,
    ]);
    const mask = Uint8Array.of(0, 1, 0, 1, 0);
    expect(keptBy(zeros, { constraint: {} }, { mask })).toEqual([1, 3]);
  });

  it('round to Float32 and stay finite', () => {
    const bias = (value: number) => reference(Float32Array.of(1, 0), { logitBias: { 0: value } });
    expect(bias(-1 + 1e-9).probabilities[0]).toBeCloseTo(0.5, 9);
    expect(bias(1e-9).probabilities).toEqual(bias(0).probabilities);
    expect(bias(-1e300).kept).toEqual([0, 1]);
    expect(bias(-Infinity).cutBy).toEqual(['logitBias', undefined]);
  });
});

it('accounts for every token', () => {
  const seen = reference(Float32Array.of(2, -Infinity, 1, 0, -1), {
    logitBias: { 3: -Infinity },
    topK: 1,
    minP: 0.1,
  });
  expect(seen.cuts.map(({ name, tokens }) => [name, tokens])).toEqual([
    ['model', 1],
    ['logitBias', 1],
    ['topK', 2],
    ['minP', 0],
  ]);
  expect(seen.keptMass + seen.cuts.reduce((sum, { mass }) => sum + mass, 0)).toBeCloseTo(1, 12);
  expect([seen.entropy, seen.kept]).toEqual([0, [0]]);
});

it('says how near a decision was', () => {
  const nearest = (options: ReferenceOptions) => reference(TENTHS, options).margin;
  expect(nearest({ topK: 2 })).toBe(Infinity);
  expect(nearest({ topP: 0.69 })).toBeCloseTo(0.01, 6);
  expect(nearest({ minP: 0.5 })).toBeLessThan(1e-6);
  expect(nearest({ minP: 0.49 })).toBeCloseTo(Math.log(0.5 / 0.49), 6);
  expect(nearest({ typicalP: 0.51 })).toBeCloseTo(0.01, 6);
  expect(nearest({ topH: 0.83, topK: 4 })).toBeCloseTo((0.83 * 1.279854 - 1.049595) / 1.279854, 5);
  // Floors leave no decision to be near to.
  expect(nearest({ topP: 0.4, minTokensToKeep: 2 })).toBeCloseTo(0.3, 6);
  expect(reference(new Float32Array(8), { minP: 1 }).margin).toBe(Infinity);
  expect(reference(new Float32Array(8), { topNSigma: 1 }).margin).toBe(Infinity);
});

it('draws the first token whose running sum exceeds u', () => {
  const seen = { probabilities: Float64Array.of(0.25, 0, 0.5, 0.25), kept: [0, 2, 3] };
  expect(draw(seen, 0)).toEqual({ token: 0, margin: 0.25 });
  expect(draw(seen, 0.25)).toEqual({ token: 2, margin: 0 });
  expect(draw(seen, 0.7)).toEqual({ token: 2, margin: expect.closeTo(0.05, 12) });
  expect(draw(seen, 0.999)).toEqual({ token: 3, margin: expect.closeTo(0.249, 12) });
  expect(draw({ probabilities: Float64Array.of(0, 1), kept: [1] }, 0.5)).toEqual({
    token: 1,
    margin: Infinity,
  });
});

it('steers the surprise', () => {
  expect(updateMu(10, { tau: 5, eta: 0.1 }, 1 / 8)).toBeCloseTo(10.2, 12);
  expect(updateMu(10, {}, 2 ** -7)).toBeCloseTo(9.8, 12);
});

it('holds for one token, for equals, and for a large vocabulary', () => {
  expect(keptBy(Float32Array.of(5), { topP: 0.1, typicalP: 0.2, topH: 0.5, topNSigma: 1 })).toEqual(
    [0],
  );
  expect(keptBy(Float32Array.of(5), { mirostat: { version: 1 } })).toEqual([0]);
  expect(keptBy(new Float32Array(6), { topK: 4, topP: 0.6 })).toEqual([0, 1, 2]);
  expect(keptBy(new Float32Array(6), { typicalP: 0.6 })).toEqual([0, 1, 2, 3]);
  const large = Float32Array.from({ length: 262_144 }, (_, id) => Math.sin(id) * 9);
  const seen = reference(large, {
    temperature: 0.8,
    topK: 100,
    topP: 0.9,
    typicalP: 0.9,
    xtc: { probability: 1 },
  });
  expect(seen.kept.length).toBeGreaterThan(0);
  expect(seen.probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 9);
});
