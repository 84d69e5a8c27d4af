import type { Draw, Span } from '../line.ts';
import { visible } from '../terminal/visible.ts';
import { textWidth } from '../terminal/width.ts';
import { page, span } from './row.ts';
import { drawRule } from './rule.ts';
import { spell } from './spell.ts';

export interface EditorPane {
  readonly title: string;
  readonly text: string;
  /** In UTF-16 units. */
  readonly cursor: number;
}

const graphemes = new Intl.Segmenter();

/** A text being written, broken where the row ends, and what finishes it. */
export const drawEditor: Draw<EditorPane> = ({ title, text, cursor }, size, glyphs) => {
  const { width, height } = size;
  const rows: Span[][] = [[span(' ')]];
  let left = width - 2;
  let here = 0;
  const add = (shown: string, at: number) => {
    const wide = textWidth(shown);
    if (wide > left) {
      rows.push([span(' ')]);
      left = width - 2;
    }
    if (at === cursor) here = rows.length - 1;
    rows.at(-1)!.push(span(shown, at === cursor ? 'selected' : 'plain'));
    left -= wide;
  };
  for (const { segment, index } of graphemes.segment(text)) {
    add(segment === ' ' ? ' ' : visible(segment, glyphs, 'none'), index);
    if (segment === '\n') left = 0;
  }
  add(' ', text.length);
  const room = Math.max(1, height - 3);
  const from = Math.max(0, here - room + 1);
  return page(
    [
      drawRule([{ width, title }], glyphs),
      ...rows.slice(from, from + room),
      [],
      [span(spell(' ⏎ takes it, esc leaves it as it was', glyphs), 'dim')],
    ],
    size,
  );
};
