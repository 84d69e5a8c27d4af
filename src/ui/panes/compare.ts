import type { Read, Written } from '../../generation/explorer/view.ts';
import type { Glyphs, Line, Size } from '../line.ts';
import { visible } from '../terminal/visible.ts';
import { type TextNumbers, textRow } from './now.ts';
import { page, Row } from './row.ts';
import { shortened } from './shortened.ts';
import { spell } from './spell.ts';
import { cursorPin, drawPinned, type Pin } from './text.ts';

/** One of two texts, with the settings it is written under. */
interface Compared {
  readonly title: string;
  /** Only ever appended to: another text is another array. */
  readonly written: readonly Written[];
  /** Unknown while nothing is written. */
  readonly numbers?: TextNumbers;
}

/** Two texts that go on from the same prompt with the same luck. */
export interface CompareSubject {
  readonly left: Compared;
  readonly right: Compared;
  readonly prompt: readonly Read[];
  /** Index of the first written token in which they differ. */
  readonly divergence?: number;
}

/** From how many rows one is for the numbers. */
const WITH_NUMBERS = 6;

function column(
  { prompt, divergence, ...sides }: CompareSubject,
  side: 'left' | 'right',
  { width, height }: Size,
  glyphs: Glyphs,
): Line[] {
  const { title, written, numbers } = sides[side];
  const place = written.length;
  const end = prompt.length + place;
  const pins: Pin[] = [cursorPin(end, glyphs)];
  if (divergence !== undefined) {
    const sign = spell('▸', glyphs);
    pins.push({ token: prompt.length + divergence, sign, style: side, otherwise: 'selected' });
  }
  const row = new Row(width).add(' ');
  const name = row
    .add(shortened(visible(title, glyphs), Math.max(0, row.room), glyphs), side)
    .end();
  const text = { prompt, written, place, isPlaying: true };
  const foot = height >= WITH_NUMBERS ? [textRow(numbers, width, glyphs)] : [];
  const room = { width, height: height - 1 - foot.length };
  return [name, ...drawPinned(text, room, glyphs, end, pins), ...foot];
}

/** Two texts side by side, their ends in sight, with a sign where they part. */
export function drawCompare(subject: CompareSubject, size: Size, glyphs: Glyphs): Line[] {
  const { width, height } = size;
  const half = (width - 1) >> 1;
  const left = column(subject, 'left', { width: half, height }, glyphs);
  const right = column(subject, 'right', { width: width - 1 - half, height }, glyphs);
  const rule = { text: spell('│', glyphs), style: 'rule' } as const;
  return page(
    left.map((line, i) => [...line, rule, ...right[i]]),
    size,
  );
}
