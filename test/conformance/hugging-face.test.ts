// Published by huggingface/transformers, tests/generation/test_logits_process.py. Its warpers
// leave probabilities unnormalised; the expected values are divided by their sum here.
import { Sampler, type SamplingOptions } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { expectNear } from '../sampling/logits.ts';
import { shaped } from './distributions.ts';

const RAMP = Float32Array.from({ length: 10 }, (_, id) => id);
const keptIds = (logits: Float32Array, options: SamplingOptions) => {
  const p = new Sampler(options).inspect(logits, { top: logits.length });
  return p.candidates
    .filter(({ cutBy }) => cutBy === undefined)
    .map(({ token }) => token)
    .sort((a, b) => a - b);
};
const normalised = (values: number[]) => {
  const total = values.reduce((a, b) => a + b);
  return values.map((value) => value / total);
};

describe('transformers test_logits_process', () => {
  it('test_top_k_dist_warper', () => {
    expect(keptIds(RAMP, { topK: 3 })).toEqual([7, 8, 9]);
    const raised = RAMP.map((z, id) => (id < 5 ? z + 10 : z));
    expect(keptIds(raised, { topK: 3 })).toEqual([2, 3, 4]);
    // min_tokens overwrites k: 3 tokens are kept.
    expect(keptIds(RAMP.slice(0, 5), { topK: 1, minTokensToKeep: 3 })).toEqual([2, 3, 4]);
  });

  it('test_top_p_dist_warper', () => {
    expectNear(shaped([0.3, 0.1, 0.1, 0.5], { topP: 0.8 }), normalised([0.3, 0, 0, 0.5]), 1e-3);
    expectNear(
      shaped([0.15, 0.3, 0.3, 0.25], { topP: 0.8 }),
      normalised([0, 0.3, 0.3, 0.25]),
      1e-3,
    );
    const options = { topP: 0.9, minTokensToKeep: 2 };
    expect(
      keptIds(
        RAMP.map((z) => z - 5),
        options,
      ).length,
    ).toBe(3);
    expect(
      keptIds(
        RAMP.map((z) => (z - 5) * 100),
        options,
      ).length,
    ).toBe(2);
  });

  it('test_min_p_dist_warper', () => {
    const minP = 0.05;
    expectNear(
      shaped([0.9, 0.0274, 0.047, 0.0274], { minP }),
      normalised([0.9, 0, 0.047, 0]),
      1e-3,
    );
    expectNear(shaped([0.15, 0.3, 0.3, 0.25], { minP }), [0.15, 0.3, 0.3, 0.25], 1e-3);
    expectNear(shaped([0.97, 0.01, 0.01, 0.01], { minP }), [1, 0, 0, 0], 1e-3);
    const options = { minP: 0.9, minTokensToKeep: 2 };
    expect(
      keptIds(
        RAMP.map((z) => z - 5),
        options,
      ).length,
    ).toBe(2);
    expect(
      keptIds(
        RAMP.map((z) => (z - 5) * 100),
        options,
      ).length,
    ).toBe(2);
  });

  it('test_temperature_dist_warper', () => {
    const uniform = new Float32Array(20).fill(1 / 20);
    const peaked = uniform.slice();
    peaked[5] += 0.1;
    peaked[10] -= 0.4;
    for (const temperature of [0.5, 1.3])
      expectNear(new Sampler({ temperature }).probabilities(uniform), Array(20).fill(0.05), 1e-3);
    const plain = new Sampler().probabilities(peaked);
    const sharp = new Sampler({ temperature: 0.5 }).probabilities(peaked);
    const smooth = new Sampler({ temperature: 1.3 }).probabilities(peaked);
    expect(Math.max(...sharp)).toBeGreaterThan(Math.max(...plain));
    expect(Math.min(...sharp)).toBeLessThan(Math.min(...plain));
    expect(Math.max(...smooth)).toBeLessThan(Math.max(...plain));
    expect(Math.min(...smooth)).toBeGreaterThan(Math.min(...plain));
  });

  it('test_repetition_penalty_dist_process', () => {
    const logits = new Float32Array(10).fill(0.1);
    logits[0] = -0.1;
    const sampler = new Sampler({ repetitionPenalty: 2 });
    const p = sampler.probabilities(logits, { history: [0, 1] });
    // Read back relative to token 2, which keeps its 0.1.
    expect(Math.log(p[0] / p[2])).toBeCloseTo(-0.1 * 2 - 0.1, 6);
    expect(Math.log(p[1] / p[2])).toBeCloseTo(0.1 / 2 - 0.1, 6);
  });
});
