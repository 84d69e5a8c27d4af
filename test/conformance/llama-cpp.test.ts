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
  ])('%s', (_name, options, expected) => {
    expectNear(shaped(TENTHS, options), expected, 1e-5);
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
