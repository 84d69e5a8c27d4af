// Published by ggml-org/llama.cpp, tests/test-sampling.cpp: the calls in main() and the check in
// test_sampler_queue(). Distributions are listed there in descending order; here they are by id.
import { Sampler, type SamplingOptions } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { expectNear } from '../sampling/logits.ts';
import { shaped } from './distributions.ts';

const TENTHS = [0.1, 0.2, 0.3, 0.4];
const FIFTHS = [0.2, 0.2, 0.2, 0.2, 0.2];

describe('llama.cpp test-sampling', () => {
  it.each<[string, SamplingOptions, number[]]>([
    ['temp 1', { temperature: 1 }, TENTHS],
    ['temp 0', { temperature: 0 }, [0, 0, 0, 1]],
    ['top_k 1', { topK: 1 }, [0, 0, 0, 1]],
    ['top_k 3', { topK: 3 }, [0, 0.22222, 0.33333, 0.44444]],
    ['top_k 4', { topK: 4 }, TENTHS],
    ['top_k 0', { topK: 0 }, TENTHS],
    ['top_p 0', { topP: 0 }, [0, 0, 0, 1]],
    ['top_p 0.7', { topP: 0.7 }, [0, 0, 0.428571, 0.571429]],
    ['top_p 0.8', { topP: 0.8 }, [0, 0.22222, 0.33333, 0.44444]],
    ['top_p 1', { topP: 1 }, TENTHS],
    ['min_p 0', { minP: 0 }, TENTHS],
    ['min_p 0.24', { minP: 0.24 }, TENTHS],
    ['min_p 0.26', { minP: 0.26 }, [0, 0.2 / 0.9, 0.3 / 0.9, 0.4 / 0.9]],
    ['min_p 0.49', { minP: 0.49 }, [0, 0.2 / 0.9, 0.3 / 0.9, 0.4 / 0.9]],
    ['min_p 0.51', { minP: 0.51 }, [0, 0, 0.3 / 0.7, 0.4 / 0.7]],
    ['min_p 0.74', { minP: 0.74 }, [0, 0, 0.3 / 0.7, 0.4 / 0.7]],
    ['min_p 0.76', { minP: 0.76 }, [0, 0, 0, 1]],
    ['min_p 1', { minP: 1 }, [0, 0, 0, 1]],
    ['temp_ext 1, range 0', { temperature: 1, dynamicTemperature: { range: 0 } }, TENTHS],
    ['temp_ext 0, range 0', { temperature: 0, dynamicTemperature: { range: 0 } }, [0, 0, 0, 1]],
    // Listed there unnormalised: 0.1; 0.2 and 0.1; 0.3, 0.2 and 0.1.
    ['xtc 0.09', { xtc: { probability: 1, threshold: 0.09 } }, [1, 0, 0, 0]],
    ['xtc 0.19', { xtc: { probability: 1, threshold: 0.19 } }, [1 / 3, 2 / 3, 0, 0]],
    ['xtc 0.29', { xtc: { probability: 1, threshold: 0.29 } }, [1 / 6, 2 / 6, 3 / 6, 0]],
    ['xtc 0.39', { xtc: { probability: 1, threshold: 0.39 } }, TENTHS],
    ['top_n_sigma 1', { topNSigma: 1 }, [0, 0, 0.428571, 0.571429]],
    ['top_n_sigma 3', { topNSigma: 3 }, TENTHS],
  ])('%s', (_name, options, expected) => {
    expectNear(shaped(TENTHS, options), expected, 1e-5);
  });

  it('typical 0.5', () => {
    expectNear(shaped([0.97, 0.01, 0.01, 0.01], { typicalP: 0.5 }), [1, 0, 0, 0], 1e-5);
    const thirds = [0, 1 / 3, 1 / 3, 1 / 3];
    expectNear(shaped([0.4, 0.2, 0.2, 0.2], { typicalP: 0.5 }), thirds, 1e-5);
  });

  // The formula of llama_sampler_temp_ext_apply (src/llama-sampler.cpp), worked out: H / ln 4 is
  // 0.923220, so τ is 0.5 + 0.923220 and 0.5 + 0.923220², and p is proportional to p^(1/τ).
  it.each([
    [1, 1.42322],
    [2, 1.352335],
  ])('temp_ext 1, range 0.5, exponent %d', (exponent, tau) => {
    const weights = TENTHS.map((p) => p ** (1 / tau));
    const total = weights.reduce((a, b) => a + b);
    const dynamicTemperature = { range: 0.5, exponent };
    expectNear(
      shaped(TENTHS, { dynamicTemperature }),
      weights.map((weight) => weight / total),
      1e-5,
    );
  });

  it.each<[string, NonNullable<SamplingOptions['dry']>, number[], number[]]>([
    ['too short', { multiplier: 1, base: 1.1 }, [0, 1], [0.25, 0.25, 0.25, 0.25]],
    [
      'a repetition of two',
      { multiplier: 1, base: 1.1 },
      [0, 1, 2, 0, 1],
      [0.296923, 0.296923, 0.109232, 0.296923],
    ],
    [
      'a breaker is not penalised',
      { multiplier: 1, base: 1.1, sequenceBreakers: [3] },
      [0, 1, 3, 4, 0, 1],
      FIFTHS,
    ],
    [
      'multiplier 2',
      { multiplier: 2, base: 1.1 },
      [0, 1, 2, 0, 1],
      [0.241818, 0.241818, 0.032727, 0.241818, 0.241818],
    ],
    ['allowed', { multiplier: 1, base: 1.1, allowedLength: 4 }, [0, 1, 2, 3, 4, 0, 1], FIFTHS],
  ])('dry: %s', (_name, dry, history, expected) => {
    const probabilities = expected.map(() => 1 / expected.length);
    expectNear(shaped(probabilities, { dry }, history), expected, 1e-5);
  });

  // The default of `samplers` in common/common.h, without the one that fills in the middle.
  it('runs its chain in its order with temperature last', () => {
    const names = ['penalties', 'dry', 'topNSigma', 'topK', 'typicalP', 'topP', 'minP', 'xtc'];
    const chain = new Sampler({ order: 'temperature-last' }).describe().map(({ name }) => name);
    expect(chain.filter((name) => [...names, 'temperature'].includes(name))).toEqual([
      ...names,
      'temperature',
    ]);
  });

  const repeat = { repetitionPenalty: 50 };
  const alphas = { frequencyPenalty: 5, presencePenalty: 5 };
  it.each<[string, SamplingOptions, number[], number[]]>([
    ['repeat, one token', repeat, [0], [0, 0.25, 0.25, 0.25, 0.25]],
    ['repeat, three tokens', repeat, [0, 1, 2], [0, 0, 0, 0.5, 0.5]],
    ['repeat, with repeats', repeat, [0, 1, 2, 0, 0], [0, 0, 0, 0.5, 0.5]],
    ['alphas, one token', alphas, [0], [0.000011, 0.249997, 0.249997, 0.249997, 0.249997]],
    ['alphas, three', alphas, [0, 1, 2], [0.000023, 0.000023, 0.000023, 0.499966, 0.499966]],
    ['alphas, repeats', alphas, [0, 1, 2, 0, 0], [0, 0.000023, 0.000023, 0.499977, 0.499977]],
  ])('penalties: %s', (_name, options, history, expected) => {
    expectNear(shaped(FIFTHS, options, history), expected, 1e-5);
  });

  // Token i of 10,000 has the logit ln i, so its weight is i.
  it.each<[string, number, number, number]>([
    ['k', 10000, 1, 1],
    ['k', 1, 1, 1],
    ['p', 10000, 1, 1],
    ['p', 10000, 0, 1],
    ['m', 10000, 1, 1],
    ['m', 10000, 1, 1e-12],
    ['k', 100, 1, 1],
    ['p', 10000, 0.0003, 1],
    ['p', 10000, 0.8, 1],
    ['m', 10000, 1, 9997.9 / 9999],
    ['m', 10000, 1, 0.1],
    ['kp', 100, 0.8, 0.1],
    ['km', 100, 0.8, 0.1],
    ['pk', 100, 0.8, 0.1],
    ['pm', 100, 0.8, 0.1],
    ['mk', 100, 0.8, 0.1],
    ['mp', 100, 0.8, 9997.9 / 9999],
    ['mp', 100, 0.8, 0.1],
    ['kpm', 100, 0.8, 0.1],
    ['kmp', 100, 0.8, 0.1],
    ['pkm', 100, 0.8, 0.1],
    ['pmk', 100, 0.8, 0.1],
    ['mkp', 100, 0.8, 0.1],
    ['mpk', 100, 0.8, 0.1],
  ])('queue %s with k %d, p %d, m %d', (sequence, topK, topP, minP) => {
    const size = 10000;
    let lowest = 0;
    for (const stage of sequence)
      if (stage === 'k') lowest = Math.max(lowest, size - topK);
      else if (stage === 'm') lowest = Math.max(lowest, Math.floor(minP * size), 1);
      else {
        const below = (id: number) => (id * (id - 1)) / 2;
        const target = Math.ceil(topP * (below(size) - below(lowest)));
        let mass = 0;
        lowest = size;
        do mass += --lowest;
        while (mass < target);
      }
    lowest = Math.min(lowest, size - 1);

    const stages = { k: 'topK', p: 'topP', m: 'minP' };
    const given = { k: { topK }, p: { topP }, m: { minP } };
    const used = [...sequence] as (keyof typeof stages)[];
    const sampler = new Sampler({
      ...Object.assign({}, ...used.map((stage) => given[stage])),
      order: used.map((stage) => stages[stage]),
    });
    const logits = Float32Array.from({ length: size }, (_, id) => Math.log(id));
    const probabilities = sampler.probabilities(logits);
    const ids = [...probabilities.keys()].filter((id) => probabilities[id] > 0);
    // Token 0 has the logit −Infinity: llama.cpp may leave it in the list, here it never is.
    expect(ids[0]).toBe(Math.max(1, lowest));
    expect(ids.length).toBe(size - Math.max(1, lowest));
  });
});
