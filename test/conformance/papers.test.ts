// Worked from the definitions in the papers, on distributions small enough to check by hand.
import { Sampler, type SamplingOptions } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { expectNear, fromProbabilities, kept, row } from '../sampling/logits.ts';
import { shaped } from './distributions.ts';

const keptBy = (logits: Float32Array, options: SamplingOptions) =>
  kept(new Sampler(options).probabilities(logits));
// H = 1.279854 nats; −p ln p is 0.2303, 0.3219, 0.3612, 0.3665.
const TENTHS = fromProbabilities(0.1, 0.2, 0.3, 0.4);

describe('epsilon and eta sampling (Hewitt et al. 2022, arXiv:2210.15191)', () => {
  it('eta lets a flat distribution live where epsilon empties it', () => {
    const flat = new Float32Array(1000);
    expect(keptBy(flat, { epsilonCutoff: 0.004 })).toEqual([0]);
    // min(0.004, √0.004 / 1000) = 0.0000632 is below 1 / 1000.
    expect(keptBy(flat, { etaCutoff: 0.004 }).length).toBe(1000);
  });

  it('eta is epsilon where the entropy is low', () => {
    // H = 0.0987, so √0.02 · e^−H = 0.128 is above 0.02.
    const peaked = fromProbabilities(0.98, 0.0199, 0.0001);
    expect(keptBy(peaked, { etaCutoff: 0.02 })).toEqual(keptBy(peaked, { epsilonCutoff: 0.02 }));
    expect(keptBy(peaked, { etaCutoff: 0.0198 })).toEqual([0, 1]);
  });

  it('eta follows the entropy where that is high', () => {
    // √ε · e^−H is 0.2638, 0.1966, 0.1244 and 0.0879.
    expect(keptBy(TENTHS, { etaCutoff: 0.9 })).toEqual([2, 3]);
    expect(keptBy(TENTHS, { etaCutoff: 0.5 })).toEqual([1, 2, 3]);
    expect(keptBy(TENTHS, { etaCutoff: 0.2 })).toEqual([1, 2, 3]);
    expect(keptBy(TENTHS, { etaCutoff: 0.1 })).toEqual([0, 1, 2, 3]);
  });
});

describe('locally typical sampling (Meister et al. 2022, arXiv:2202.00666)', () => {
  it('takes what is about as surprising as expected, not the most likely', () => {
    // |−ln p − H| is 1.0227, 0.3296, 0.0759, 0.3636.
    expect(keptBy(TENTHS, { typicalP: 0.29 })).toEqual([2]);
    expect(keptBy(TENTHS, { typicalP: 0.49 })).toEqual([1, 2]);
    expect(keptBy(TENTHS, { typicalP: 0.51 })).toEqual([1, 2, 3]);
    expect(keptBy(TENTHS, { typicalP: 0.91 })).toEqual([0, 1, 2, 3]);
  });

  it('is at ease with one token and with equals', () => {
    expect(keptBy(row(3), { typicalP: 0.2 })).toEqual([0]);
    expect(keptBy(row(3, 3, 3, 3, 3), { typicalP: 0.5 })).toEqual([0, 1, 2]);
  });
});

describe('top-nσ (Tang et al. 2024, arXiv:2411.07641)', () => {
  // Ten of noise, of mean 0, and two that stand out. Mean 5/3, variance 134/9, σ 3.8586.
  const logits = row(-1, 1, -1, 1, -1, 1, -1, 1, -1, 1, 9, 11);

  it('keeps what stands out of the noise', () => {
    // 11 − nσ reaches 9 at n = 0.5183, 1 at 2.5916 and −1 at 3.1099.
    expect(keptBy(logits, { topNSigma: 0.51 })).toEqual([11]);
    expect(keptBy(logits, { topNSigma: 0.52 })).toEqual([10, 11]);
    expect(keptBy(logits, { topNSigma: 2.59 })).toEqual([10, 11]);
    expect(keptBy(logits, { topNSigma: 2.6 })).toEqual([1, 3, 5, 7, 9, 10, 11]);
    expect(keptBy(logits, { topNSigma: 3.11 }).length).toBe(12);
  });

  it('keeps the same tokens at every temperature', () => {
    for (const temperature of [0.1, 0.5, 2, 10, Infinity])
      for (const order of ['temperature-first', 'temperature-last'] as const)
        expect(keptBy(logits, { topNSigma: 1, temperature, order })).toEqual([10, 11]);
  });
});

describe('top-h (Baghaei Potraghloo et al. 2025, arXiv:2509.02510)', () => {
  it('bounds the running sum of −p ln p, as the code of its authors does', () => {
    // In units of H the sums are 0.28637, 0.56859, 0.82009, 1.
    expect(keptBy(TENTHS, { topH: 0.1 })).toEqual([3]);
    expect(keptBy(TENTHS, { topH: 0.56 })).toEqual([3]);
    expect(keptBy(TENTHS, { topH: 0.58 })).toEqual([2, 3]);
    expect(keptBy(TENTHS, { topH: 0.81 })).toEqual([2, 3]);
    expect(keptBy(TENTHS, { topH: 0.83 })).toEqual([1, 2, 3]);
    expect(keptBy(TENTHS, { topH: 1.5 })).toEqual([0, 1, 2, 3]);
  });

  it('unlike the entropy of the renormalised set, which the text of the paper bounds', () => {
    // H(4/7, 3/7) = 0.68291 is 0.5336 H: by the text two tokens would stay at 0.55.
    expect(keptBy(TENTHS, { topH: 0.55 })).toEqual([3]);
  });

  it('keeps everything at 1, whatever rounding does', () => {
    const logits = Float32Array.from({ length: 5000 }, (_, id) => Math.sin(id * id) * 8);
    expect(keptBy(logits, { topH: 1 }).length).toBe(5000);
  });
});

describe('a chain', () => {
  it.each<[string[], SamplingOptions, number[]]>([
    // 0.4 is too little for 0.55, but 0.4 / 0.7 is not.
    [['topP', 'minP'], { topP: 0.55, minP: 0.6 }, [2, 3]],
    [['minP', 'topP'], { topP: 0.55, minP: 0.6 }, [3]],
    // After top-k 2 the entropy is 0.6829 and 0.4 is the more typical one.
    [['topK', 'typicalP'], { topK: 2, typicalP: 0.49 }, [3]],
    [['typicalP', 'topK'], { topK: 2, typicalP: 0.49 }, [1, 2]],
    [['typicalP', 'topK'], { topK: 1, typicalP: 0.49 }, [2]],
    // 0.3 / 0.7 reaches 0.41 and 0.3 does not.
    [['topK', 'epsilonCutoff'], { topK: 2, epsilonCutoff: 0.41 }, [2, 3]],
    [['epsilonCutoff', 'topK'], { topK: 2, epsilonCutoff: 0.41 }, [3]],
    // Excluding the top choice first leaves another top to be measured by.
    [['xtc', 'minP'], { xtc: { probability: 1, threshold: 0.25 }, minP: 0.6 }, [1, 2]],
    [['minP', 'xtc'], { xtc: { probability: 1, threshold: 0.25 }, minP: 0.6 }, [2]],
    [['xtc', 'topK'], { xtc: { probability: 1, threshold: 0.25 }, topK: 2 }, [1, 2]],
    [['topK', 'xtc'], { xtc: { probability: 1, threshold: 0.25 }, topK: 2 }, [2]],
    // 1.4 · 0.4² = 0.224 is below 0.3; 1.4 · (0.4 / 0.7)² = 0.457 is above 0.3 / 0.7.
    [['topK', 'topA'], { topA: 1.4, topK: 2 }, [3]],
    [['topA', 'topK'], { topA: 1.4, topK: 2 }, [2, 3]],
  ])('%j', (order, options, expected) => {
    expect(keptBy(TENTHS, { ...options, order })).toEqual(expected);
  });

  it.each<[SamplingOptions, number[], number[]]>([
    // Squared, the distribution is 1, 4, 9, 16 of 30.
    [{ topP: 0.5 }, [3], [2, 3]],
    [{ minP: 0.6 }, [3], [2, 3]],
    [{ topA: 1 }, [2, 3], [1, 2, 3]],
    [{ epsilonCutoff: 0.15 }, [2, 3], [1, 2, 3]],
    [{ xtc: { probability: 1, threshold: 0.15 } }, [0, 1, 2], [0, 1]],
    [{ typicalP: 0.29 }, [2], [2]],
    [{ topK: 2 }, [2, 3], [2, 3]],
    [{ topNSigma: 1 }, [2, 3], [2, 3]],
  ])('at temperature 1/2, first and last: %j', (options, first, last) => {
    const temperature = 0.5;
    expect(keptBy(TENTHS, { ...options, temperature })).toEqual(first);
    expect(keptBy(TENTHS, { ...options, temperature, order: 'temperature-last' })).toEqual(last);
  });

  it('has the temperature last with the same odds between what is kept', () => {
    const options: SamplingOptions = { temperature: 0.5, topK: 2, order: 'temperature-last' };
    expectNear(shaped([0.1, 0.2, 0.3, 0.4], options), [0, 0, 9 / 25, 16 / 25]);
  });
});
