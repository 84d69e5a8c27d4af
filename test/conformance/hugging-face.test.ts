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
/** The ramp −5 … 4 of its tests, as it is and made extreme. */
const shift = (factor: number) => RAMP.map((z) => (z - 5) * factor);
const bannedIds = (options: SamplingOptions, history: number[], vocabulary = 5) => {
  const p = new Sampler(options).probabilities(new Float32Array(vocabulary), { history });
  return [...p.keys()].filter((id) => p[id] === 0);
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

  it('test_top_h_dist_warper', () => {
    expectNear(shaped([0.97, 0.01, 0.01, 0.01], { topH: 0.3 }), [1, 0, 0, 0], 1e-3);
    expectNear(shaped([0.4, 0.3, 0.2, 0.1], { topH: 0.7 }), normalised([0.4, 0.3, 0, 0]), 1e-3);
    expectNear(shaped([0.25, 0.25, 0.25, 0.25], { topH: 1 }), [0.25, 0.25, 0.25, 0.25], 1e-3);
    expectNear(shaped([0.75, 0.25, 0, 0], { topH: 0.4 }), [1, 0, 0, 0], 1e-3);
  });

  it('test_typical_dist_warper, without its cases of ties, which it keeps', () => {
    expectNear(shaped([0.97, 0.01, 0.01, 0.01], { typicalP: 0.5 }), [1, 0, 0, 0], 1e-3);
    expectNear(
      shaped([0.4, 0.2, 0.2, 0.2], { typicalP: 0.5 }),
      normalised([0, 0.2, 0.2, 0.2]),
      1e-3,
    );
    const options = { typicalP: 0.7, minTokensToKeep: 2 };
    expect(keptIds(shift(1), options).length).toBe(2);
    expect(keptIds(shift(100), options).length).toBe(2);
  });

  it('test_epsilon_dist_warper', () => {
    const epsilonCutoff = 0.1;
    expectNear(shaped([0.87, 0.099, 0.001, 0.03], { epsilonCutoff }), [1, 0, 0, 0], 1e-3);
    const all = [0.4, 0.299, 0.101, 0.2];
    expectNear(shaped(all, { epsilonCutoff }), all, 1e-3);
    const options = { epsilonCutoff: 0.05, minTokensToKeep: 2 };
    expect(keptIds(shift(1), options).length).toBe(3);
    expect(keptIds(shift(100), options).length).toBe(2);
  });

  it('test_eta_dist_warper', () => {
    const etaCutoff = 0.0625;
    expectNear(shaped([0, 0.1, 0.8, 0.1], { etaCutoff }), [0, 0.1, 0.8, 0.1], 1e-3);
    expectNear(shaped([0.01, 0.04, 0.9, 0.05], { etaCutoff }), [0, 0, 1, 0], 1e-3);
    const options = { etaCutoff: 0.1, minTokensToKeep: 2 };
    expect(keptIds(shift(1), options).length).toBe(2);
    expect(keptIds(shift(100), options).length).toBe(2);
  });

  it.each([
    [2, [1, 1, 2, 1], [1, 2], 3],
    [2, [0, 1, 0, 1], [0], 3],
    [3, [1, 1, 2, 1], [], 3],
    [3, [0, 1, 0, 1], [0], 3],
    [3, [1, 2, 5, 7, 8, 5, 1, 2], [5], 10],
    [3, [1, 2], [], 3],
    [3, [0, 1], [], 3],
  ])('test_no_repeat_ngram_dist_processor: %d after %j', (size, history, banned, vocabulary) => {
    expect(bannedIds({ noRepeatNgramSize: size }, history, vocabulary)).toEqual(banned);
  });

  it('test_no_bad_words_dist_processor', () => {
    const badWords = [[1], [4], [1, 0], [0, 1, 2], [1, 3, 1, 3]];
    const endTokens = [4];
    expect(bannedIds({ badWords, endTokens }, [0, 1, 3, 1])).toEqual([0, 1, 3]);
    expect(bannedIds({ badWords, endTokens }, [0, 1, 0, 1])).toEqual([0, 1, 2]);
    expect(bannedIds({ badWords: [[4]], endTokens }, [0, 1, 3, 1])).toEqual([]);
  });

  it.each([[[0]], [[0, 18]]])('test_new_min_length_dist_processor: %j', (endTokens) => {
    const sampler = new Sampler({ endTokens, minNewTokens: 3 });
    const banned = () =>
      sampler
        .inspect(new Float32Array(20), { top: 20 })
        .candidates.filter(({ cutBy }) => cutBy === 'minNewTokens')
        .map(({ token }) => token);
    sampler.reset([3, 1, 4, 1, 5]);
    for (let length = 5; length < 8; length++) {
      expect(banned()).toEqual(endTokens);
      sampler.accept(9);
    }
    expect(banned()).toEqual([]);
  });

  it('test_prefix_constrained_logits_processor', () => {
    expect(bannedIds({ allowedTokens: [0, 1] }, [0, 1, 3, 1])).toEqual([2, 3, 4]);
    expect(bannedIds({ allowedTokens: [2, 3] }, [0, 1, 0, 1])).toEqual([0, 1, 4]);
    // The same as a constraint, which may change its mind from token to token.
    const masks = [
      [1, 1, 0, 0, 0],
      [0, 0, 1, 1, 0],
    ];
    let accepted = 0;
    const sampler = new Sampler({
      constraint: {
        fillMask: (mask) => mask.set(masks[accepted]),
        accept: () => accepted++,
        reset: () => {
          accepted = 0;
        },
      },
    });
    sampler.reset([0, 1, 3, 1]);
    const logits = new Float32Array(5);
    expectNear(sampler.probabilities(logits), [0.5, 0.5, 0, 0, 0]);
    sampler.accept(1);
    expectNear(sampler.probabilities(logits), [0, 0, 0.5, 0.5, 0]);
  });

  // The order of _get_logits_processor in src/transformers/generation/utils.py.
  it('warps in its order with temperature first', () => {
    const names = 'temperature topK topP minP typicalP epsilonCutoff etaCutoff'.split(' ');
    const chain = new Sampler().describe().map(({ name }) => name);
    expect(chain.filter((name) => names.includes(name))).toEqual(names);
  });
});
