import fc from 'fast-check';
import {
  coherenceTemperatureDerivative,
  crossEntropy,
  crossEntropyGradient,
  crossEntropyOfProbabilities,
  entropy,
  entropyTemperatureDerivative,
  logSoftmax,
  negativeLogLikelihood,
  negativeLogLikelihoodGradient,
  oneHot,
  softmax,
  softmaxBackward,
  softmaxJacobian,
} from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { between, expectNear } from './logits.ts';

const finite = between(-8, 8);
const someRow = fc.array(finite, { minLength: 2, maxLength: 8 });
const STEP = 1e-5;

/** Central differences of a function of a vector. */
const slopes = (f: (x: number[]) => number, x: readonly number[]): number[] =>
  x.map((_, i) => {
    const moved = (by: number) => f(x.map((value, j) => (i === j ? value + by : value)));
    return (moved(STEP) - moved(-STEP)) / (2 * STEP);
  });

describe('softmaxJacobian', () => {
  it('is the slope of softmax', () => {
    fc.assert(
      fc.property(someRow, (logits) => {
        const jacobian = softmaxJacobian(softmax(logits));
        for (let i = 0; i < logits.length; i++)
          expectNear(
            jacobian[i],
            slopes((z) => softmax(z)[i], logits),
            1e-8,
          );
      }),
    );
  });

  it('of two equal classes is ±1/4', () => {
    expect(softmaxJacobian([0.5, 0.5]).map((row) => [...row])).toEqual([
      [0.25, -0.25],
      [-0.25, 0.25],
    ]);
  });
});

describe('softmaxBackward', () => {
  it('is the Jacobian times the gradient, row by row', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(finite, finite, finite, finite), { minLength: 1 }), (rows) => {
        const probabilities = rows.flatMap((row) => [...softmax(row)]);
        const gradient = rows.flat().map((z, i) => z * (i % 3) - 1);
        const expected = rows.flatMap((row, r) =>
          softmaxJacobian(softmax(row)).map((line) =>
            line.reduce((sum, value, j) => sum + value * gradient[4 * r + j], 0),
          ),
        );
        expectNear(softmaxBackward(probabilities, gradient, 4), expected, 1e-12);
      }),
    );
  });

  it('refuses shapes that do not fit', () => {
    expect(() => softmaxBackward([1], [1, 2])).toThrow('1 and 2 values');
    expect(() => softmaxBackward([0.5, 0.5, 1], [1, 2, 3], 2)).toThrow('rows of 2 classes');
    expect(() => softmaxBackward([1], [1], 0)).toThrow('classes');
  });
});

describe('losses', () => {
  it('cross-entropy of the one-hot [1, 0, 0]', () => {
    const target = oneHot(0, 3);
    expect(crossEntropyOfProbabilities(target, [0.7, 0.2, 0.1])).toBeCloseTo(0.357, 3);
    expect(crossEntropyOfProbabilities(target, [0.1, 0.3, 0.7])).toBeCloseTo(Math.LN10, 3);
    expect(crossEntropyOfProbabilities(target, [0, 1, 0])).toBe(Infinity);
    expect(crossEntropyOfProbabilities(target, [1, 0, 0])).toBe(0);
  });

  it('negativeLogLikelihood is the cross-entropy of the target and its gradient the slope', () => {
    fc.assert(
      fc.property(someRow, fc.nat(), (logits, at) => {
        const target = at % logits.length;
        const loss = negativeLogLikelihood(logits, target);
        expect(loss).toBeCloseTo(
          crossEntropyOfProbabilities(oneHot(target, logits.length), softmax(logits)),
          10,
        );
        expectNear(
          negativeLogLikelihoodGradient(logits, target),
          slopes((z) => negativeLogLikelihood(z, target), logits),
          1e-8,
        );
      }),
    );
    expect(negativeLogLikelihood([0, -Infinity], 1)).toBe(Infinity);
  });

  it('crossEntropy is the mean over rows and its gradient the slope', () => {
    const logits = [0.3, -1, 2, 1, 1, 0.5];
    expect(crossEntropy(logits, [2, 0])).toBeCloseTo(
      (negativeLogLikelihood([0.3, -1, 2], 2) + negativeLogLikelihood([1, 1, 0.5], 0)) / 2,
      14,
    );
    expectNear(
      crossEntropyGradient(logits, [2, 0]),
      slopes((z) => crossEntropy(z, [2, 0]), logits),
      1e-9,
    );
  });

  it('refuse bad targets, shapes and probabilities', () => {
    expect(() => negativeLogLikelihood([1, 2], 2)).toThrow('target must be an integer in [0, 1]');
    expect(() => crossEntropy([1, 2, 3], [0, 1])).toThrow('3 logits');
    expect(() => crossEntropy([1, 2], [])).toThrow('0 targets');
    expect(() => crossEntropyGradient([1, 2, 3, 4], [0, 5])).toThrow('target');
    expect(() => crossEntropyOfProbabilities([1, 0], [1])).toThrow('2 and 1 values');
    expect(() => crossEntropyOfProbabilities([1, 0], [-1, 2])).toThrow('at index 0');
    expect(() => oneHot(3, 3)).toThrow('index must be an integer in [0, 2], got 3');
    expect(() => entropy([])).toThrow();
  });
});

describe('temperature derivatives', () => {
  const temperatures = between(0.3, 5);

  it('are the slopes of entropy and coherence, and −τ is their ratio', () => {
    fc.assert(
      fc.property(someRow, temperatures, (logits, t) => {
        const p = logSoftmax(logits);
        const heat = ([tau]: number[]) => entropy(softmax(logits, tau));
        const coherence = ([tau]: number[]) =>
          softmax(logits, tau).reduce((sum, q, i) => sum + q * p[i], 0);
        const dH = entropyTemperatureDerivative(logits, t);
        const dC = coherenceTemperatureDerivative(logits, t);
        expectNear([dH], slopes(heat, [t]), 1e-6 * (1 + dH));
        expectNear([dC], slopes(coherence, [t]), 1e-6 * (1 - dC));
        expect(Math.abs(dC + t * dH)).toBeLessThan(1e-9 * (1 - dC));
      }),
    );
  });

  it('are 0 where all finite logits are equal, and finite for huge ones', () => {
    expect(entropyTemperatureDerivative([4, 4, -Infinity], 2)).toBe(0);
    expect(coherenceTemperatureDerivative([4, 4, -Infinity], 2) + 0).toBe(0);
    expect(entropyTemperatureDerivative([1e308, -1e308], 0.001)).toBe(0);
  });

  it('need a temperature between 0 and Infinity', () => {
    for (const t of [0, -1, Infinity, Number.NaN])
      expect(() => entropyTemperatureDerivative([1, 2], t)).toThrow('(0, Infinity)');
  });
});

describe('entropy', () => {
  it('is between 0 and ln n', () => {
    expect(entropy([1, 0, 0])).toBe(0);
    expect(entropy([0.25, 0.25, 0.25, 0.25])).toBeCloseTo(Math.log(4), 15);
  });
});
