import type { Glyphs, Line, Size, Style } from '../line.ts';
import { decimal } from './numbers.ts';
import { page, Row } from './row.ts';
import { spell } from './spell.ts';

/** How surprising the written tokens were, and how open the choice of each was. */
export interface StripSubject {
  /** Surprisal of each written token, in bits. */
  readonly bits: ArrayLike<number>;
  /** Entropy of the distribution each was drawn from, in bits. */
  readonly entropies: ArrayLike<number>;
  /** How many of them are before the cursor. */
  readonly place: number;
}

const LEVELS = '▁▂▃▄▅▆▇█';
/** Cells of ` surprisal `, of the short form and of ` mean 12.34 `. */
const LABEL = 11;
const SHORT_LABEL = 6;
const MEAN = 12;
/** Below how many cells the numbers, and the labels, give way. */
const WITH_MEAN = 36;
const WITH_LABEL = 16;

/** One level for each bit; in ASCII the bits themselves. Higher than the highest is the highest. */
function level(value: number, glyphs: Glyphs): string {
  const whole = value >= 0 ? Math.floor(value) : 0;
  return glyphs === 'ascii' ? String(Math.min(9, whole)) : LEVELS[Math.min(7, whole)];
}

function mean(values: ArrayLike<number>, end: number): number | undefined {
  let sum = 0;
  for (let i = 0; i < end; i++) sum += values[i];
  return end > 0 ? sum / end : undefined;
}

/** The tokens in a row: all up to the cursor, its sign, and some that can be redone. */
function spark(
  row: Row,
  values: ArrayLike<number>,
  place: number,
  columns: number,
  glyphs: Glyphs,
): void {
  const room = columns - 1;
  const after = Math.min(values.length - place, room >> 2);
  const start = Math.max(0, place + after - room);
  const draw = (from: number, to: number, style: Style) => {
    let text = '';
    for (let i = from; i < to; i++) text += level(values[i], glyphs);
    row.add(text, style, to - from);
  };
  draw(start, place, 'plain');
  row.add(spell('▏', glyphs), 'bold', 1);
  draw(place, Math.min(values.length, start + room), 'dim');
}

/**
 * Surprisal and entropy of the last tokens, one cell for each token and one level for each bit, with
 * the mean over all before the cursor. One row shows the surprisal and gives both means; with two or
 * more, entropy has its own below, token under token.
 */
export function drawStrip(
  { bits, entropies, place }: StripSubject,
  size: Size,
  glyphs: Glyphs,
): Line[] {
  const { width, height } = size;
  const meanOf = (values: ArrayLike<number>) => {
    const value = mean(values, place);
    return value === undefined ? spell('–', glyphs) : decimal(value, 2, glyphs);
  };
  if (height < 2) {
    const numbers = ` mean ${meanOf(bits)}  H ${meanOf(entropies)} `;
    const tail = width < WITH_MEAN ? 0 : numbers.length;
    const row = new Row(width);
    if (width >= WITH_LABEL) row.add(' bits ', 'dim', SHORT_LABEL);
    spark(row, bits, place, width - tail - (width < WITH_LABEL ? 0 : SHORT_LABEL), glyphs);
    return page(
      [
        row
          .to(width - tail)
          .add(tail > 0 ? numbers : '', 'dim')
          .end(),
      ],
      size,
    );
  }
  const tail = width < WITH_MEAN ? 0 : MEAN;
  const label = width < WITH_LABEL ? 0 : LABEL;
  const rows = [
    { name: ' surprisal ', values: bits },
    { name: ' entropy   ', values: entropies },
  ].map(({ name, values }) => {
    const row = new Row(width);
    if (label > 0) row.add(name, 'dim', label);
    spark(row, values, place, width - tail - label, glyphs);
    row.to(width - tail);
    return (tail > 0 ? row.add(` mean ${meanOf(values).padStart(5)}`, 'dim') : row).end();
  });
  return page(rows, size);
}
