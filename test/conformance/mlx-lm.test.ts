// Published by ml-explore/mlx-lm, tests/test_sample_utils.py. Its filters see the untempered
// distribution; at temperature 1 the orders agree.
import { Sampler, type SamplingOptions } from 'kelvin/sampling';
import { describe, it } from 'vitest';
import { expectNear } from '../sampling/logits.ts';
import { shaped } from './distributions.ts';

describe('mlx-lm test_sample_utils', () => {
  it.each<[string, number[], SamplingOptions, number[]]>([
    ['top_p 0.3', [0.9, 0, 0, 0.1], { topP: 0.3 }, [1, 0, 0, 0]],
    ['top_p 0.95', [0.9, 0, 0, 0.1], { topP: 0.95 }, [0.9, 0, 0, 0.1]],
    ['top_p 0.4', [0, 0.5, 0.4, 0.1], { topP: 0.4 }, [0, 1, 0, 0]],
    ['top_p 0.6', [0, 0.5, 0.4, 0.1], { topP: 0.6 }, [0, 0.5556, 0.4444, 0]],
    ['top_p 0.95, three tokens', [0, 0.5, 0.4, 0.1], { topP: 0.95 }, [0, 0.5, 0.4, 0.1]],
    ['top_p 0.5', [0, 0.8, 0.1, 0.1], { topP: 0.5 }, [0, 1, 0, 0]],
    ['min_p 0.8', [0.9, 0, 0, 0.1], { minP: 0.8 }, [1, 0, 0, 0]],
    ['min_p 0.05', [0.9, 0, 0, 0.1], { minP: 0.05 }, [0.9, 0, 0, 0.1]],
    ['min_p 0.7', [0, 0.8, 0, 0.1], { minP: 0.7 }, [0, 1, 0, 0]],
    ['top_k 1', [0.9, 0, 0, 0.1], { topK: 1 }, [1, 0, 0, 0]],
    ['top_k 2', [0.6, 0, 0.1, 0.3], { topK: 2 }, [0.6667, 0, 0, 0.3333]],
    ['top_k 1, another row', [0, 0.8, 0, 0.1], { topK: 1 }, [0, 1, 0, 0]],
    [
      'xtc 0.2',
      [0.4, 0.3, 0.15, 0.15],
      { xtc: { probability: 1, threshold: 0.2 } },
      [0, 0.5, 0.25, 0.25],
    ],
    [
      'xtc 0.1, which keeps one of two equals here and both there',
      [0.4, 0.3, 0.15, 0.15],
      { xtc: { probability: 1, threshold: 0.1 } },
      [0, 0, 0, 1],
    ],
    [
      'xtc probability 0',
      [0.4, 0.3, 0.15, 0.15],
      { xtc: { probability: 0, threshold: 0.1 } },
      [0.4, 0.3, 0.15, 0.15],
    ],
  ])('%s', (_name, probabilities, options, expected) => {
    expectNear(shaped(probabilities, options), expected, 1e-4);
  });

  it.each<[string, SamplingOptions, number[]]>([
    ['presence 0.5', { presencePenalty: 0.5, penaltyWindow: 5 }, [-0.5, -0.5, 0, 0]],
    ['frequency 0.5', { frequencyPenalty: 0.5, penaltyWindow: 5 }, [-1.5, -1, 0, 0]],
  ])('%s', (_name, options, expected) => {
    const p = new Sampler(options).probabilities(new Float32Array(4), {
      history: [0, 0, 0, 1, 1],
    });
    expectNear(
      p.map((value) => Math.log(value / p[3])),
      expected,
      1e-12,
    );
  });
});
