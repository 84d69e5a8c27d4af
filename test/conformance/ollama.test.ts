// Published by ollama/ollama, sample/transforms_test.go: TestApplyPenalties, TestSoftmax and
// TestTopK.
import { Sampler, type SamplingOptions } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { expectNear, kept, row } from '../sampling/logits.ts';

describe('ollama transforms_test', () => {
  it.each<[string, number[], number[], SamplingOptions, number[]]>([
    ['empty recent', [1, 2, 3], [], { repetitionPenalty: 2, presencePenalty: 1 }, [1, 2, 3]],
    ['repeat penalty', [4, -2, 1], [0, 1], { repetitionPenalty: 2 }, [2, -4, 1]],
    ['frequency penalty', [5, 3, 1], [0, 0, 0, 1], { frequencyPenalty: 1 }, [2, 2, 1]],
    ['presence penalty', [5, 3, 1], [0, 0, 0, 1], { presencePenalty: 1.5 }, [3.5, 1.5, 1]],
    [
      'combined',
      [6, -1],
      [0, 0, 1],
      { repetitionPenalty: 2, frequencyPenalty: 0.5, presencePenalty: 1 },
      [1, -3.5],
    ],
  ])('penalties: %s', (_name, logits, history, options, expected) => {
    const p = new Sampler(options).probabilities(row(...logits), { history });
    const last = expected.length - 1;
    expectNear(
      p.map((value) => Math.log(value / p[last])),
      expected.map((z) => z - expected[last]),
    );
  });

  it('softmax', () => {
    const expected = [0.11355, 0.005653, 0.839024, 0.041773];
    expectNear(new Sampler().probabilities(row(1, -2, 3, 0)), expected, 1e-6);
  });

  it('topK 5', () => {
    const logits = row(
      ...[0.026986899, 0.043722924, 0.036774673, 0.27755088, 0.0046718004, 0.08582123],
      ...[0.20409796, 0.00412893, 0.15720603, 0.045046154, 0.0030491839, 0.01681367],
    );
    expect(kept(new Sampler({ topK: 5 }).probabilities(logits))).toEqual([3, 5, 6, 8, 9]);
    expect(kept(new Sampler({ topK: 20 }).probabilities(logits)).length).toBe(12);
  });
});
