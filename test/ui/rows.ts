import fc from 'fast-check';
import { expect } from 'vitest';
import type { Draw, Glyphs, Line, Size } from '../../src/ui/line.ts';
import { textWidth } from '../../src/ui/terminal/width.ts';

/** What a pane shows, without its styles. */
export const textOf = (line: Line): string => line.map(({ text }) => text).join('');

/** A pane's rows, without the spaces at their ends. */
export const rowsOf = (lines: readonly Line[]): string[] =>
  lines.map((line) => textOf(line).trimEnd());

/** The texts drawn in a style, from the top. */
export const styled = (lines: readonly Line[], style: string): string[] =>
  lines.flat().flatMap((span) => (span.style === style ? [span.text] : []));

const glyphs = fc.constantFrom<Glyphs>('unicode', 'ascii');
const size: fc.Arbitrary<Size> = fc.record({
  width: fc.integer({ min: 1, max: 150 }),
  height: fc.integer({ min: 1, max: 45 }),
});

/** Draws any of these subjects at any size: every row must have as many cells as it was given. */
export function expectExact<T>(draw: Draw<T>, subjects: fc.Arbitrary<T>): void {
  fc.assert(
    fc.property(subjects, size, glyphs, (subject, size, glyphs) => {
      const lines = draw(subject, size, glyphs);
      expect(lines).toHaveLength(size.height);
      for (const line of lines) {
        expect(line.reduce((sum, { text }) => sum + textWidth(text), 0)).toBe(size.width);
        expect(textOf(line)).not.toMatch(/NaN|\p{Cc}/u);
      }
    }),
    { numRuns: 300 },
  );
}

/** Without texts of others, an ASCII terminal is sent nothing but ASCII. */
export function expectAscii<T>(draw: Draw<T>, subject: T): void {
  for (const [width, height] of [
    [20, 5],
    [46, 12],
    [140, 40],
  ] as const)
    for (const line of draw(subject, { width, height }, 'ascii'))
      expect(textOf(line)).toMatch(/^[ -~]*$/);
}

/** Any number a measurement might give, those that are none included. */
export const anyNumber = fc.oneof(
  fc.double(),
  fc.double({ min: -30, max: 30, noNaN: true }),
  fc.constantFrom(0, -0, Infinity, -Infinity, Number.NaN, 1e300, -1e300, 1e-300),
);

/** Any text a model might write, controls and wide characters included. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', ' found', '日本語', '👩‍👩‍👧', '\u202Eabc', '\u001B[2J', 'e\u0301'),
);
