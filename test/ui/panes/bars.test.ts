import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addBars } from '../../../src/ui/panes/bars.ts';
import { Row } from '../../../src/ui/panes/row.ts';
import { plain, styled } from './samples.ts';

/** Left and right half of the upper bar, then of the lower one. */
const HALVES: Readonly<Record<string, string>> = {
  ' ': '0000',
  '▘': '1000',
  '▀': '1100',
  '▖': '0010',
  '▄': '0011',
  '▌': '1010',
  '▛': '1110',
  '▙': '1011',
  '█': '1111',
};

function draw(raw: number, shaped: number, scale: number, width: number, ascii = false) {
  const row = new Row(width);
  addBars(row, { raw, shaped }, scale, width, 'cut', ascii ? 'ascii' : 'unicode');
  return [row.end()];
}

function lengths(raw: number, shaped: number, scale: number, width: number): [number, number] {
  const signs = [...plain(draw(raw, shaped, scale, width))[0]].map((sign) => HALVES[sign]);
  const upper = signs.map((halves) => halves.slice(0, 2)).join('');
  const lower = signs.map((halves) => halves.slice(2)).join('');
  expect(upper + lower).toMatch(/^1*0*1*0*$/);
  return [upper.replace(/0+$/, '').length, lower.replace(/0+$/, '').length];
}

describe('addBars', () => {
  it.each([
    [0.5, 0.5, '████    ', '####    '],
    [0.25, 0.5, '██▄▄    ', '##++    '],
    [0.5, 0.25, '██▀▀    ', '##--    '],
    [0.3, 0, '▀▀▘     ', '--      '],
    [1, 1e-300, '▛▀▀▀▀▀▀▀', '#-------'],
    [0, 0, '        ', '        '],
  ])('draws %d and %d', (raw, shaped, unicode, ascii) => {
    expect(plain(draw(raw, shaped, 1, 8))).toEqual([unicode]);
    expect(plain(draw(raw, shaped, 1, 8, true))).toEqual([ascii]);
  });

  it('gives what only raw has the style of the lost', () => {
    expect(styled(draw(0.5, 0.25, 1, 8), 'cut')).toEqual(['▀▀']);
    expect(styled(draw(0.5, 0.25, 1, 8), 'shaped')).toEqual(['██']);
  });

  it('is true to half a cell, but never hides what is not nothing', () => {
    const share = fc.oneof(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 0.001, noNaN: true }),
    );
    fc.assert(
      fc.property(share, share, fc.integer({ min: 1, max: 30 }), (raw, shaped, width) => {
        const scale = Math.max(raw, shaped);
        const drawn = lengths(raw, shaped, scale, width);
        for (const [i, value] of [raw, shaped].entries()) {
          expect(drawn[i] > 0).toBe(value > 0);
          if (value > 0)
            expect(Math.abs(drawn[i] - (value / scale) * width * 2)).toBeLessThanOrEqual(1);
          if (value === scale && value > 0) expect(drawn[i]).toBe(width * 2);
        }
      }),
    );
  });
});
