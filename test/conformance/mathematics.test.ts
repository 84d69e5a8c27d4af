import {
  crossEntropy,
  crossEntropyOfProbabilities,
  log,
  logSumExp,
  softmax,
} from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { expectNear } from '../sampling/logits.ts';

describe('published numbers', () => {
  it('Wikipedia, "Softmax function", section Example', () => {
    expectNear(
      softmax([1, 2, 3, 4, 1, 2, 3]),
      [0.024, 0.064, 0.175, 0.475, 0.024, 0.064, 0.175],
      6e-4,
    );
    // The same page: a tenth of the input, which is temperature 10.
    expectNear(
      softmax([1, 2, 3, 4, 1, 2, 3], 10),
      [0.125, 0.138, 0.153, 0.169, 0.125, 0.138, 0.153],
      6e-4,
    );
  });

  it('SciPy, scipy.special.softmax, example with axis=1', () => {
    const relative = (actual: Float64Array, expected: number[]) =>
      expectNear(
        actual.map((value, i) => value / expected[i]),
        [1, 1, 1, 1],
        1e-5,
      );
    relative(softmax([1, 0.5, 0.2, 3]), [1.05877e-1, 6.42177e-2, 4.75736e-2, 7.82332e-1]);
    relative(softmax([1, -1, 7, 3]), [2.42746e-3, 3.28521e-4, 9.79307e-1, 1.79366e-2]);
    relative(softmax([2, 12, 13, 3]), [1.22094e-5, 2.68929e-1, 7.31025e-1, 3.31885e-5]);
  });

  it('SciPy, scipy.special.logsumexp of 0 … 9', () => {
    expect(logSumExp([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])).toBeCloseTo(9.4586297444267107, 14);
  });

  it('Keras, test_softmax of [1, 2, 3]', () => {
    expectNear(softmax([1, 2, 3]), [0.09003057, 0.24472848, 0.66524094], 1e-7);
  });

  it('Keras, CategoricalCrossentropy: per row and the mean', () => {
    expect(crossEntropyOfProbabilities([0, 1, 0], [0.05, 0.95, 0])).toBeCloseTo(0.0513, 4);
    expect(crossEntropyOfProbabilities([0, 0, 1], [0.1, 0.8, 0.1])).toBeCloseTo(Math.LN10, 4);
    const logits = [0.05, 0.95, 0, 0.1, 0.8, 0.1].map(log);
    expect(crossEntropy(logits, [1, 2])).toBeCloseTo(1.1769392, 6);
  });
});
