import type { Draw } from '../line.ts';
import { visible } from '../terminal/visible.ts';
import { textWidth } from '../terminal/width.ts';
import { page, span } from './row.ts';

export interface FailurePane {
  /** What went wrong, whole. */
  readonly message: string;
  /** What can be done now. */
  readonly remedy: string;
}

/** Why there is no text, and what to do about it, broken between words. */
export const drawFailure: Draw<FailurePane> = ({ message, remedy }, size, glyphs) =>
  page(
    [
      ...lines(visible(message, glyphs, 'none'), size.width - 2).map((line) => [
        span(` ${line}`, 'error'),
      ]),
      [],
      ...lines(remedy, size.width - 2).map((line) => [span(` ${line}`)]),
    ],
    size,
  );

function lines(text: string, width: number): string[] {
  const rows: string[] = [];
  for (const word of text.split(' ')) {
    const longer = rows.length > 0 ? `${rows.at(-1)} ${word}` : word;
    if (rows.length > 0 && textWidth(longer) <= width) rows[rows.length - 1] = longer;
    else rows.push(word);
  }
  return rows;
}
