import { describe, expect, it } from 'vitest';
import { Plot } from '../../../src/ui/panes/axes.ts';
import { bar, signedBar } from '../../../src/ui/panes/bar.ts';
import { Canvas } from '../../../src/ui/panes/canvas.ts';
import { numberText, smallText } from '../../../src/ui/panes/numbers.ts';
import { page, right, row, span } from '../../../src/ui/panes/row.ts';
import { rowsOf, textOf } from '../rows.ts';

describe('Canvas', () => {
  it('has 2 × 4 dots in a cell', () => {
    const dots = [0, 0.25, 0.5, 0.75].flatMap((y) => [0, 0.5].map((x) => [x, y] as const));
    const signs = dots.map(([x, y]) => {
      const canvas = new Canvas(1, 1, 'unicode');
      canvas.dot(x, y);
      return textOf(canvas.rows()[0]!);
    });
    expect(signs.join('')).toBe('⠁⠈⠂⠐⠄⠠⡀⢀');
    const all = new Canvas(1, 1, 'unicode');
    for (const [x, y] of dots) all.dot(x, y);
    expect(textOf(all.rows()[0]!)).toBe('⣿');
  });

  it('has one for all of them in ASCII, high or low', () => {
    const canvas = new Canvas(3, 1, 'ascii');
    canvas.dot(0, 0.3);
    canvas.dot(1, 0.6);
    canvas.dot(2, 0.1);
    canvas.dot(2.5, 0.9);
    expect(textOf(canvas.rows()[0]!)).toBe("'..");
  });

  it('puts signs over dots, and texts only where nothing is', () => {
    const canvas = new Canvas(6, 1, 'unicode');
    canvas.dot(0, 0);
    canvas.put(0.9, 0.9, '●', 'now');
    expect(canvas.write(0, 0, 'ab', 'dim')).toBe(false);
    expect(canvas.write(5, 0, 'ab', 'dim')).toBe(false);
    expect(canvas.write(2, 0, 'ab', 'dim')).toBe(true);
    expect(canvas.rows()).toEqual([[span('●', 'now'), span(' '), span('ab', 'dim'), span('  ')]]);
  });

  it('leaves out what lies outside', () => {
    const canvas = new Canvas(2, 2, 'unicode');
    for (const [x, y] of [
      [-0.1, 0],
      [2, 0],
      [0, 2],
      [0, -1e300],
      [Number.NaN, 0],
    ] as const) {
      canvas.dot(x, y);
      canvas.put(x, y, '●', 'now');
      expect(canvas.holds(x, y)).toBe(false);
    }
    expect(rowsOf(canvas.rows())).toEqual(['', '']);
  });
});

describe('Plot', () => {
  const axis = { from: 0, to: 10, ticks: [] };
  const plot = new Plot({ x: axis, y: { ...axis, to: -10 } }, { width: 16, height: 6 }, 'unicode');

  it('has the ends of its axes in the middle of the first and the last dot', () => {
    expect(plot.place(0, 0)).toEqual({ x: 0.25, y: 0.125 });
    expect(plot.place(10, -10)).toEqual({ x: 9.75, y: 4.875 });
    expect(plot.place(5, -5)).toEqual({ x: 5, y: 2.5 });
  });

  it('knows no place for what is no number, and the nearest for what lies outside', () => {
    expect(plot.place(Number.NaN, 0)).toBeUndefined();
    expect(plot.place(0, Number.NEGATIVE_INFINITY)).toBeUndefined();
    expect(plot.inside(99, 99)).toEqual({ x: 9.5, y: 0 });
  });
});

describe('bars', () => {
  const shown = (share: number, glyphs: 'unicode' | 'ascii' = 'unicode') =>
    textOf(bar(share, 4, 'shaped', glyphs));

  it('go to half a cell, and show what is not nothing', () => {
    expect([0, 1e-9, 0.3, 0.5, 1, 7, Number.NaN].map((share) => shown(share))).toEqual([
      '    ',
      '▌   ',
      '█   ',
      '██  ',
      '████',
      '████',
      '    ',
    ]);
    expect([0, 1e-9, 0.6, 1].map((share) => shown(share, 'ascii'))).toEqual([
      '    ',
      '#   ',
      '##  ',
      '####',
    ]);
  });

  it('go both ways from the middle', () => {
    const signed = (share: number) => textOf(signedBar(share, 9, 'unicode'));
    expect([-1, -0.4, 0, 0.4, 1].map(signed)).toEqual([
      '████│    ',
      '  ▐█│    ',
      '    │    ',
      '    │█▌  ',
      '    │████',
    ]);
  });
});

describe('rows', () => {
  it('are cut between characters and filled up', () => {
    expect(row([span('ab', 'dim'), span('日本')], 5)).toEqual([span('ab', 'dim'), span('日 ')]);
    expect(row([span('ab')], 4)).toEqual([span('ab'), span('  ')]);
    expect(textOf(page([[span('a')]], { width: 2, height: 2 })[1]!)).toBe('  ');
    expect([right('7', 3), right('日本', 5), right('abcd', 3)]).toEqual(['  7', ' 日本', 'abc']);
  });
});

it('writes numbers as they can be read', () => {
  const numbers = [0, -2.414, -0.001, 0.004, 1234567, Infinity, -Infinity, Number.NaN];
  expect(numbers.map((x) => numberText(x))).toEqual([
    '0.00',
    '−2.41',
    '0.00',
    '0.00',
    '1.2e+6',
    '∞',
    '−∞',
    '–',
  ]);
  expect([numberText(-0.4, 0), numberText(12.34567, 4)]).toEqual(['0', '12.3457']);
});

it('does not write 0 for what is not', () => {
  expect(
    [0, -0.001, 0.004, 0.005, -2.5, -Infinity, Number.NaN].map((x) => smallText(x, 2)),
  ).toEqual(['0.00', '−1.0e-3', '4.0e-3', '0.01', '−2.50', '−∞', '–']);
});
