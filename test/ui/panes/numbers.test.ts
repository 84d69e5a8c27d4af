import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimal, magnitude, percent } from '../../../src/ui/panes/numbers.ts';

const probability = fc.oneof(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.double({ min: -300, max: 0, noNaN: true }).map((exponent) => 10 ** exponent),
  fc.double({ min: -16, max: 0, noNaN: true }).map((exponent) => 1 - 10 ** exponent),
);

describe('percent', () => {
  it.each([
    [1, '100'],
    [1 + 2 ** -52, '100'],
    [1 - 2 ** -53, '99.99'],
    [0.9996, '99.96'],
    [0.9994, '99.9'],
    [0.245, '24.5'],
    [0.0999, '9.99'],
    [0.09999, '10.0'],
    [0.086, '8.60'],
    [0.0095, '0.950'],
    [0.0003, '0.0300'],
    [0.0001, '0.0100'],
    [0.00005, '5e-3'],
    [1e-9, '1e-7'],
    [1.2345e-20, '1.23e-18'],
    [1 / 262_144, '3.81e-4'],
    [0, '0'],
  ])('writes %d as %s', (value, text) => {
    expect(percent(value)).toBe(text);
  });

  it('reads back within 1 %, and is 0 and 100 only for nothing and all', () => {
    fc.assert(
      fc.property(probability, (value) => {
        const text = percent(value);
        const read = Number(text) / 100;
        expect(Math.abs(read - value)).toBeLessThanOrEqual(0.01 * value);
        expect(text === '0').toBe(value === 0);
        expect(text === '100').toBe(value === 1);
        expect(text.length).toBeLessThanOrEqual(9);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps to five cells without claiming what is not so', () => {
    fc.assert(
      fc.property(probability, (value) => {
        const text = percent(value, 5);
        expect(text.length).toBeLessThanOrEqual(6);
        if (text.startsWith('<')) {
          expect(value * 100).toBeLessThan(Number(text.slice(1)));
          expect(value).toBeGreaterThan(0);
          return;
        }
        expect(text.length).toBeLessThanOrEqual(5);
        expect(text === '0').toBe(value === 0);
        const off = value >= 0.001 ? 0.01 : 0.5;
        expect(Math.abs(Number(text) / 100 - value)).toBeLessThanOrEqual(off * value);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('decimal and magnitude', () => {
  it.each([
    [-2.07, '−2.07', '-2.07'],
    [-0.001, '0.00', '0.00'],
    [Number.POSITIVE_INFINITY, '∞', 'inf'],
    [Number.NEGATIVE_INFINITY, '−∞', '-inf'],
  ])('writes %d', (value, unicode, ascii) => {
    expect(decimal(value, 2, 'unicode')).toBe(unicode);
    expect(decimal(value, 2, 'ascii')).toBe(ascii);
  });

  it.each([
    [1, '1.00'],
    [6.305, '6.30'],
    [33.62, '33.6'],
    [4810.4, '4810'],
    [262_144, '262144'],
    [1e9, '1.00e9'],
    [Number.POSITIVE_INFINITY, '∞'],
  ])('writes the size %d as %s', (value, text) => {
    expect(magnitude(value, 'unicode')).toBe(text);
  });
});
