import type { Glyphs } from '../line.ts';
import { fitText, textWidth } from '../terminal/width.ts';

/** Where more would follow, in one cell. */
export const ellipsis = (glyphs: Glyphs): string => (glyphs === 'ascii' ? '~' : '…');

/** A harmless text in at most `width` cells, with a sign where more of it would follow. */
export function shortened(text: string, width: number, glyphs: Glyphs): string {
  if (textWidth(text) <= width) return text;
  if (width < 2) return fitText(text, width);
  return fitText(text, width - 1).trimEnd() + ellipsis(glyphs);
}
