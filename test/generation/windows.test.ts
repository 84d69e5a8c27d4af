import fc from 'fast-check';
import { expect, it } from 'vitest';
import { windowsOf } from '../../src/generation/windows.ts';

const length = fc.integer({ min: 1, max: 300 });
const context = fc.integer({ min: 2, max: 40 });

it('tells of every token but the first once, in order', () => {
  fc.assert(
    fc.property(length, context, (length, context) => {
      const places = windowsOf(length, context).flatMap(({ from, end }) =>
        Array.from({ length: Math.max(0, end - from) }, (_, i) => from + i),
      );
      expect(places).toEqual(Array.from({ length: length - 1 }, (_, i) => i + 1));
    }),
  );
});

it('never exceeds the context, and fills it where there are several windows', () => {
  fc.assert(
    fc.property(length, context, (length, context) => {
      const windows = windowsOf(length, context);
      if (length <= context) expect(windows).toEqual([{ start: 0, end: length, from: 1 }]);
      else for (const { start, end } of windows) expect(end - start).toBe(context);
      expect(windows.every(({ start }) => start >= 0)).toBe(true);
    }),
  );
});

it('puts half a context or more in front of what it tells of, where there is so much', () => {
  fc.assert(
    fc.property(length, context, (length, context) => {
      for (const { start, from } of windowsOf(length, context).slice(1))
        expect(from - start).toBeGreaterThanOrEqual(context / 2);
    }),
  );
});

it('reaches back from the end of the text as far as the context', () => {
  expect(windowsOf(11, 4)).toEqual([
    { start: 0, end: 4, from: 1 },
    { start: 2, end: 6, from: 4 },
    { start: 4, end: 8, from: 6 },
    { start: 6, end: 10, from: 8 },
    { start: 7, end: 11, from: 10 },
  ]);
});

it('is one window where the context is not known', () => {
  expect(windowsOf(1e6)).toEqual([{ start: 0, end: 1e6, from: 1 }]);
});
