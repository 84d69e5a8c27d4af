import type { Draw } from '../line.ts';
import { visible } from '../terminal/visible.ts';
import { paragraph } from './paragraph.ts';
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
      ...paragraph(visible(message, glyphs, 'none'), size.width - 2).map((line) => [
        span(` ${line}`, 'error'),
      ]),
      [],
      ...paragraph(remedy, size.width - 2).map((line) => [span(` ${line}`)]),
    ],
    size,
  );
