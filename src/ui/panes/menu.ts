import type { Draw, Span } from '../line.ts';
import { visible } from '../terminal/visible.ts';
import { paragraph } from './paragraph.ts';
import { page, span } from './row.ts';
import { drawRule } from './rule.ts';
import { spell } from './spell.ts';

export interface MenuPane {
  readonly title: string;
  readonly items: readonly { readonly label: string; readonly preview?: string }[];
  readonly index: number;
}

/** A list with a cursor, and under it what would be chosen. */
export const drawMenu: Draw<MenuPane> = ({ title, items, index }, size, glyphs) => {
  const { width, height } = size;
  // The cursor stays in sight, and half of the room is for what is chosen.
  const room = Math.max(1, Math.min(items.length, Math.floor((height - 2) / 2)));
  const from = Math.max(0, Math.min(index - room + 1, items.length - room));
  const rows = items.slice(from, from + room).map(({ label }, i): Span[] => {
    const isHere = from + i === index;
    const sign = spell(isHere ? '▸' : ' ', glyphs);
    return [span(` ${sign} ${visible(label, glyphs, 'none')}`, isHere ? 'selected' : 'plain')];
  });
  const preview = (items[index]?.preview ?? '').trimEnd().split('\n');
  return page(
    [
      drawRule([{ width, title }], glyphs),
      ...rows,
      drawRule([{ width }], glyphs),
      ...preview
        .flatMap((line) => paragraph(visible(line, glyphs, 'none'), width - 2))
        .map((line) => [span(` ${line}`, 'dim')]),
    ],
    size,
  );
};
