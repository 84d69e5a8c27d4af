import type { Read, Written } from '../../generation/explorer/view.ts';
import type { Glyphs, Line, Size, Style } from '../line.ts';
import { bits } from './numbers.ts';
import { page, Row } from './row.ts';
import { spell } from './spell.ts';
import { characters, type Piece } from './wrap.ts';
import { wrapped } from './wrapped.ts';

/** A text that is being written. */
export interface TextSubject {
  readonly prompt: readonly Read[];
  /** Only ever appended to: another text is another array. */
  readonly written: readonly Written[];
  /** How many of the written tokens are before the cursor; the others can be redone. */
  readonly place: number;
  /** For each written token under the present settings: 0 impossible, 1 possible, 255 unknown. */
  readonly marks?: Uint8Array;
  /** The cursor keeps to the last row; otherwise some of what can be redone shows below it. */
  readonly isPlaying: boolean;
}

/** A sign in front of a token: in its leading space, or else on its first character. */
export interface Pin {
  /** Index into prompt and written text together. */
  readonly token: number;
  readonly sign: string;
  readonly style: Style;
  /** Of the first character, where there is no space for the sign. */
  readonly otherwise: Style;
}

/** Below how many cells every one is needed for text. */
const WITH_MARGIN = 24;
/** Rows below the cursor, where there are any. */
const CONTEXT = 3;

/** How a token is coloured, by ln of its probability. */
export function surprisal(logprob: number): Style {
  const surprise = bits(-logprob);
  if (surprise < 1) return 'surprisal0';
  if (surprise < 3) return 'surprisal1';
  if (surprise < 6) return 'surprisal2';
  return surprise < 10 ? 'surprisal3' : 'surprisal4';
}

function styleOf({ prompt, written, place, marks }: TextSubject, token: number): Style {
  if (token < prompt.length) return 'plain';
  const index = token - prompt.length;
  if (marks?.[index] === 0) return 'impossible';
  if (index >= place) return 'dim';
  return written[index].isChosen ? 'selected' : surprisal(written[index].logprob);
}

function drawRow(
  pieces: readonly Piece[],
  width: number,
  margin: number,
  styleOf: (token: number) => Style,
  pins: readonly (Pin | undefined)[],
): Line {
  const row = new Row(width).to(margin);
  pieces.forEach(({ token, text, cells }, i) => {
    const pin = pins[i];
    const first = pin && characters(text)[0];
    if (pin && (first === ' ' || (first === undefined && i === pieces.length - 1)))
      row.add(pin.sign, pin.style).add(text.slice(1));
    else if (pin && first !== undefined)
      row.add(first, pin.otherwise).add(text.slice(first.length), styleOf(token));
    else row.add(text, text[0] === ' ' ? 'plain' : styleOf(token), cells);
  });
  const end = pins[pieces.length];
  if (end) row.add(end.sign, end.style);
  return row.end();
}

/** As {@link drawText}, with signs of the caller's. */
export function drawPinned(
  subject: TextSubject,
  { width, height }: Size,
  glyphs: Glyphs,
  cursor: number,
  pins: readonly Pin[],
): Line[] {
  const margin = width < WITH_MARGIN ? 0 : 1;
  // One column stays free on the right, for a cursor behind a full row.
  const inner = Math.max(1, width - margin - 1);
  const { full, open } = wrapped(subject, inner, glyphs).rows();
  const count = full.length + open.length;
  const rowAt = (i: number) => (i < full.length ? full[i] : open[i - full.length]);
  const rowOf = (token: number) => {
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((rowAt(middle).at(-1)?.token ?? token) >= token) high = middle;
      else low = middle + 1;
    }
    return low;
  };
  const context = subject.isPlaying ? 0 : Math.min(CONTEXT, height >> 2);
  const top = Math.max(0, Math.min(rowOf(cursor) + 1 + context, count) - height);
  const styles = (token: number) => styleOf(subject, token);
  const lines: Line[] = [];
  for (let i = top; i < Math.min(count, top + height); i++) {
    const pieces = rowAt(i);
    const here: (Pin | undefined)[] = [];
    for (const pin of pins) {
      if (rowOf(pin.token) !== i) continue;
      const index = pieces.findIndex(({ token }) => token >= pin.token);
      here[index < 0 ? pieces.length : index] = pin;
    }
    lines.push(drawRow(pieces, width, margin, styles, here));
  }
  return page(lines, { width, height });
}

/** Where the next token will be: in front of `token`. */
export const cursorPin = (token: number, glyphs: Glyphs): Pin => ({
  token,
  sign: spell('▏', glyphs),
  style: 'bold',
  otherwise: 'selected',
});

/**
 * The text with its cursor. A written token is coloured by its surprisal; one that a person chose
 * is `selected`, one that the present settings would never choose `impossible`, and what follows
 * the cursor is `dim`. The cursor moves no text: it takes the space before the next token, or
 * shows on its first character. Costs what is new and what is seen, whatever the length.
 */
export function drawText(subject: TextSubject, size: Size, glyphs: Glyphs): Line[] {
  const token = subject.prompt.length + subject.place;
  return drawPinned(subject, size, glyphs, token, [cursorPin(token, glyphs)]);
}
