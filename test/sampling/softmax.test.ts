import fc from 'fast-check';
import {
  argmax,
  logSoftmax,
  logSumExp,
  OnlineSoftmax,
  sigmoid,
  softmax,
  standardNormalization,
} from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { between, expectNear } from './logits.ts';

const finite = between(-500, 500);
const someLogits = fc.array(finite, { minLength: 1, maxLength: 60 });
/** Rows as models make them: close or far apart, some tokens masked, never all. */
const rowsOf = (logit: fc.Arbitrary<number>) =>
  fc
    .tuple(logit, fc.array(fc.oneof({ weight: 5, arbitrary: logit }, fc.constant(-Infinity))))
    .map(([first, rest]) => [first, ...rest]);
const maskedLogits = fc.oneof(rowsOf(between(-3, 3)), rowsOf(finite));
const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);

describe('softmax', () => {
  it.each([
    [[1, 2], [0.2689, 0.7311], 1e-4],
    [[10, 20], [0.000045398, 0.999954602], 1e-8],
    [[1, 2, 5], [0.0171, 0.0466, 0.9362], 1e-4],
    [[1, 4, -2], [0.0473, 0.9503, 0.0024], 1e-4],
    [[2, 1, 0.1], [0.65900114, 0.24243297, 0.09856589], 1e-8],
  ])('of %j is %j', (logits, expected, tolerance) => {
    expectNear(softmax(logits), expected, tolerance);
  });

  it('reaches the far ends of Float64 without overflow', () => {
    const [small, middle, large] = softmax([123, 456, 789]);
    expect(small! / 5.75e-290).toBeCloseTo(1, 2);
    expect(middle! / 2.4e-145).toBeCloseTo(1, 2);
    expect(large).toBe(1);
    expect([...softmax([-1.7e308, 1.7e308])]).toEqual([0, 1]);
  });

  it('is the one-hot argmax at 0 and uniform over finite logits at Infinity', () => {
    expect([...softmax([1, 3, 3], 0)]).toEqual([0, 1, 0]);
    expect([...softmax([1, 3, -Infinity], Infinity)]).toEqual([0.5, 0.5, 0]);
  });

  it('tends to those limits', () => {
    expectNear(softmax([1, 2, 5], 0.01), [0, 0, 1], 1e-12);
    expectNear(softmax([1, 2, 5], 1e9), [1 / 3, 1 / 3, 1 / 3], 1e-8);
  });

  it('gives equal logits equal shares and −Infinity nothing', () => {
    expect([...softmax([7, 7, -Infinity, 7, 7])]).toEqual([0.25, 0.25, 0, 0.25, 0.25]);
  });

  it('sums to 1, keeps the order and ignores a common shift', () => {
    fc.assert(
      fc.property(maskedLogits, between(0.05, 20), (logits, t) => {
        const p = softmax(logits, t);
        expect(sum(p)).toBeCloseTo(1, 12);
        for (let i = 1; i < p.length; i++)
          if (logits[i] > logits[i - 1]) expect(p[i]).toBeGreaterThanOrEqual(p[i - 1]);
          else expect(p[i]).toBeLessThanOrEqual(p[i - 1]);
        // 1024 is exact here, so only the rounding of the shifted logits differs.
        expectNear(
          softmax(
            logits.map((z) => z + 1024),
            t,
          ),
          [...p],
          1e-10,
        );
      }),
    );
  });

  it('refuses what has no softmax, naming the index', () => {
    expect(() => softmax([])).toThrow('empty');
    expect(() => softmax([1, Number.NaN])).toThrow('NaN at index 1 of 2');
    expect(() => softmax([Infinity, 1])).toThrow('Infinity at index 0 of 2');
    expect(() => softmax([-Infinity, -Infinity])).toThrow('all 2 logits');
    expect(() => softmax([1], -1)).toThrow('temperature must be a number in [0, Infinity], got -1');
    expect(() => softmax([1], Number.NaN)).toThrow('NaN');
    expect(() => softmax([1, Number.NaN])).toThrow(
      expect.objectContaining({ code: 'INVALID_LOGITS' }),
    );
  });
});

describe('logSoftmax and logSumExp', () => {
  it('agree with softmax and stay exact where it underflows', () => {
    fc.assert(
      fc.property(someLogits, (logits) => {
        const total = logSumExp(logits);
        const logs = logSoftmax(logits);
        for (const [i, p] of softmax(logits).entries()) {
          expect(logs[i]).toBeCloseTo(logits[i] - total, 9);
          if (p > 1e-300) expect(Math.exp(logs[i]) / p).toBeCloseTo(1, 9);
        }
      }),
    );
    expect([...logSoftmax([0, 2000])]).toEqual([-2000, 0]);
    expect(logSumExp([1e308, 1e308])).toBe(1e308);
    expect(logSumExp([-Infinity, 3])).toBe(3);
  });

  it('divide by the temperature', () => {
    expect([...logSoftmax([0, 2000], 2)]).toEqual([-1000, 0]);
    expect([...logSoftmax([0, 1], 0)]).toEqual([-Infinity, 0]);
  });
});

describe('OnlineSoftmax', () => {
  it('agrees with the whole row for any split, order of merging and permutation', () => {
    const splits = fc.array(fc.nat(59), { maxLength: 6 });
    fc.assert(
      fc.property(maskedLogits, splits, fc.boolean(), (logits, cuts, fromRight) => {
        const within = cuts.map((cut) => cut % logits.length);
        const bounds = [...new Set([0, ...within, logits.length])].sort((a, b) => a - b);
        const parts = bounds.map((at, i) =>
          new OnlineSoftmax().push(logits.slice(at, bounds[i + 1])),
        );
        if (fromRight) parts.reverse();
        const merged = parts.reduce((a, b) => a.merge(b), new OnlineSoftmax());

        expect(merged.count).toBe(logits.length);
        expect(merged.max).toBe(Math.max(...logits));
        expect(merged.logSumExp).toBeCloseTo(logSumExp(logits), 10);
        const p = softmax(logits);
        const mean = sum(p.map((pi, i) => (pi > 0 ? pi * logits[i] : 0)));
        const variance = sum(p.map((pi, i) => (pi > 0 ? pi * (logits[i] - mean) ** 2 : 0)));
        const h = -sum(p.map((pi) => (pi > 0 ? pi * Math.log(pi) : 0)));
        expect(merged.entropy).toBeCloseTo(h, 9);
        expect(Math.abs(merged.mean - mean)).toBeLessThan(1e-9);
        expect(Math.abs(merged.variance - variance)).toBeLessThan(1e-7);
        for (const [i, pi] of p.entries())
          expect(merged.probability(logits[i])).toBeCloseTo(pi, 12);
      }),
    );
  });

  it('is empty before the first finite logit and refuses bad ones without a trace', () => {
    const online = new OnlineSoftmax().push([-Infinity, -Infinity]).push([]);
    expect([online.count, online.sum, online.logSumExp]).toEqual([2, 0, -Infinity]);
    expect(() => online.push([1, Number.NaN])).toThrow('NaN at index 1 of 2');
    expect(() => online.push([Number.NaN, -Infinity])).toThrow('NaN at index 0 of 2');
    expect(() => online.push([2, Infinity])).toThrow('Infinity at index 1 of 2');
    expect([online.count, online.max]).toEqual([2, -Infinity]);
    expect(online.push([5, 5]).entropy).toBeCloseTo(Math.LN2, 15);
  });

  it('survives maxima the whole of Float64 apart', () => {
    const online = new OnlineSoftmax().push([-1.7e308]).push([1.7e308]);
    expect([online.sum, online.entropy, online.variance]).toEqual([1, 0, 0]);
  });

  it('leaves the other accumulator of a merge as it was', () => {
    const other = new OnlineSoftmax().push([3]);
    new OnlineSoftmax().push([9]).merge(other).push([10]);
    expect([other.count, other.max, other.sum]).toEqual([1, 3, 1]);
  });
});

describe('the small functions', () => {
  it('standardNormalization ignores scale, as softmax does not', () => {
    expectNear(standardNormalization([1, 2]), [1 / 3, 2 / 3], 1e-15);
    expectNear(standardNormalization([10, 20]), [1 / 3, 2 / 3], 1e-15);
    expect(() => standardNormalization([1, -1])).toThrow('got 0');
    expect(() => standardNormalization([1, Number.NaN])).toThrow('got NaN');
  });

  it('sigmoid is softmax of two classes', () => {
    fc.assert(
      fc.property(finite, finite, (x, y) => {
        expect(sigmoid(x - y)).toBeCloseTo(softmax([x, y])[0], 14);
        expect(sigmoid(x) + sigmoid(-x)).toBeCloseTo(1, 14);
      }),
    );
    expect([sigmoid(Infinity), sigmoid(-Infinity), sigmoid(Number.NaN)]).toEqual([
      1,
      0,
      Number.NaN,
    ]);
  });

  it('argmax takes the first of equals', () => {
    expect(argmax([1, 9, 9])).toBe(1);
    expect(() => argmax([])).toThrow('no values');
    expect(() => argmax([1, 2, Number.NaN])).toThrow('NaN at index 2');
  });
});
