import fc from 'fast-check';
import { exp, log } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';

const view = new DataView(new ArrayBuffer(8));
/** The number of Float64 values from one positive number to another. */
function ulpsApart(a: number, b: number): bigint {
  view.setFloat64(0, a);
  const first = view.getBigInt64(0);
  view.setFloat64(0, b);
  const apart = first - view.getBigInt64(0);
  return apart < 0n ? -apart : apart;
}

describe('exp', () => {
  it('is within 1 ulp of Math.exp over its whole range, subnormal results included', () => {
    let worst = 0n;
    for (let x = -745; x < 709.5; x += 0.00731) {
      const apart = ulpsApart(exp(x), Math.exp(x));
      if (apart > worst) worst = apart;
    }
    expect(worst).toBeLessThanOrEqual(1n);
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: -745, max: 709 }), (x) => {
        expect(ulpsApart(exp(x), Math.exp(x))).toBeLessThanOrEqual(1n);
      }),
      { numRuns: 20_000 },
    );
  });

  // Correctly rounded values, from a 60-digit computation.
  it.each([
    [1, Math.E],
    [-1, 0.36787944117144233],
    [0.5, 1.6487212707001282],
    [20, 485165195.4097903],
    [-700.25, 7.678723813110872e-305],
    [709.782712893384, 1.7976931348622732e308],
  ])('of %d is within 1 ulp of %d', (x, expected) => {
    expect(ulpsApart(exp(x), expected)).toBeLessThanOrEqual(1n);
  });

  it.each([
    [0, 1],
    [-0, 1],
    [1e-300, 1],
    [709.7827128933841, Infinity],
    [-745.1332191019411, 5e-324],
    [-745.1332191019412, 0],
    [Infinity, Infinity],
    [-Infinity, 0],
    [Number.NaN, Number.NaN],
  ])('of %d is exactly %d', (x, expected) => {
    expect(exp(x)).toBe(expected);
  });

  it('never falls as its argument grows', () => {
    let last = 0;
    for (let x = -750; x < 711; x += 0.0379) {
      const y = exp(x);
      expect(y).toBeGreaterThanOrEqual(last);
      last = y;
    }
  });
});

describe('log', () => {
  it('is within 1 ulp of Math.log over all positive numbers', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, min: 5e-324, max: Number.MAX_VALUE }), (x) => {
        const [ours, theirs] = [Math.abs(log(x)), Math.abs(Math.log(x))];
        expect(ulpsApart(ours, theirs)).toBeLessThanOrEqual(1n);
      }),
      { numRuns: 20_000 },
    );
    for (let x = 0.5; x < 2; x += 0.0000731)
      expect(ulpsApart(Math.abs(log(x)), Math.abs(Math.log(x)))).toBeLessThanOrEqual(1n);
  });

  it.each([
    [1, 0],
    [2, Math.LN2],
    [10, Math.LN10],
    [0.5, -Math.LN2],
    [Number.MAX_VALUE, 709.782712893384],
    [5e-324, -744.4400719213812],
    [0, -Infinity],
    [-0, -Infinity],
    [-1, Number.NaN],
    [Infinity, Infinity],
    [Number.NaN, Number.NaN],
  ])('of %d is %d', (x, expected) => {
    expect(log(x)).toBe(expected);
  });

  it('undoes exp', () => {
    for (let x = -700; x <= 700; x += 0.37) expect(log(exp(x))).toBeCloseTo(x, 12);
  });
});
