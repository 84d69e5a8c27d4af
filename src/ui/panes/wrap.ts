import type { Glyphs } from '../line.ts';
import { visible } from '../terminal/visible.ts';
import { textWidth } from '../terminal/width.ts';
import { remember } from './remember.ts';

/** A stretch of one row that belongs to one token. */
export interface Piece {
  readonly token: number;
  /** Harmless; '' where a token is that takes no room: a line break, a space that did not fit. */
  readonly text: string;
  readonly cells: number;
}

const TAB = 4;
/** Code points of one character that are shown: a model may pile up marks without end. */
const LONGEST = 16;
const PARTS = /\n|\t| |[^\n\t ]+/g;
const ASCII = /^[!-~]*$/;
const segmenter = new Intl.Segmenter();

const segmented = remember((text): readonly string[] =>
  Array.from(segmenter.segment(text), ({ segment }) =>
    segment.length > LONGEST ? Array.from(segment).slice(0, LONGEST).join('') : segment,
  ),
);

/** The characters of a text as a reader counts them. */
export const characters = (text: string): readonly string[] =>
  ASCII.test(text) ? text.split('') : segmented(text);

/** What is drawn for one character, itself in several characters if it is a sign. */
const drawn: Record<Glyphs, (character: string) => readonly string[]> = {
  unicode: remember((character) => characters(visible(character, 'unicode', 'none'))),
  ascii: remember((character) => characters(visible(character, 'ascii', 'none'))),
};

/** Rows that are full, and the one that is being filled. */
class Rows {
  readonly full: Piece[][] = [];
  row: Piece[] = [];
  readonly #width: number;
  #taken = 0;
  /** The piece of the row in front of which it may break; 0 where it may not. */
  #breakAt = 0;

  constructor(width: number) {
    this.#width = width;
  }

  /** The open row alone, to go on without changing this. */
  fork(): Rows {
    const rows = new Rows(this.#width);
    rows.row = this.row.slice();
    rows.#taken = this.#taken;
    rows.#breakAt = this.#breakAt;
    return rows;
  }

  character(text: string, token: number): void {
    const needed = text.length === 1 && ASCII.test(text) ? 1 : textWidth(text);
    if (needed > this.#width) {
      this.character('?', token);
      return;
    }
    if (needed > 1) this.#breakAt = this.row.length;
    while (this.#taken + needed > this.#width) this.#break();
    const last = this.row.at(-1);
    if (last?.token === token && this.row.length > this.#breakAt)
      this.row[this.row.length - 1] = { token, text: last.text + text, cells: last.cells + needed };
    else this.row.push({ token, text, cells: needed });
    this.#taken += needed;
    if (needed > 1) this.#breakAt = this.row.length;
  }

  /** A space, or a tab as spaces. One that does not fit stays where it is, without room. */
  blank(columns: number, token: number): void {
    if (this.#taken === this.#width && this.row.at(-1)?.text === '') this.#break();
    const needed = Math.min(columns - (this.#taken % columns), this.#width - this.#taken);
    this.row.push({ token, text: ' '.repeat(needed), cells: needed });
    this.#taken += needed;
    this.#breakAt = this.row.length;
  }

  newline(token: number): void {
    this.row.push({ token, text: '', cells: 0 });
    this.#breakAt = this.row.length;
    this.#break();
  }

  #break(): void {
    const moved = this.#breakAt > 0 ? this.row.splice(this.#breakAt) : [];
    this.full.push(this.row);
    this.row = moved;
    this.#taken = moved.reduce((taken, piece) => taken + piece.cells, 0);
    this.#breakAt = 0;
  }
}

/**
 * Tokens in rows of at most `width` cells. Rows break at spaces and on both sides of wide
 * characters; a word that is longer than a row breaks where the row ends. Tokens come one after
 * the other, and a row that is full never changes.
 */
export class Wrap {
  readonly #rows: Rows;
  readonly #glyphs: Glyphs;
  /** The last character, raw: the next token may go on with it, by an accent or a variant. */
  #tail: { text: string; token: number } | undefined;

  constructor(width: number, glyphs: Glyphs) {
    this.#rows = new Rows(width);
    this.#glyphs = glyphs;
  }

  /** Appends the raw text of a token. Tokens come in ascending order. */
  push(text: string, token: number): void {
    for (const [part] of text.matchAll(PARTS)) {
      if (part !== '\n' && part !== '\t' && part !== ' ') {
        this.#word(part, token);
        continue;
      }
      this.#settle(this.#rows);
      this.#tail = undefined;
      if (part === '\n') this.#rows.newline(token);
      else this.#rows.blank(part === '\t' ? TAB : 1, token);
    }
  }

  /** The rows that are full, and those that the next token may still change. */
  rows(): { readonly full: readonly Piece[][]; readonly open: readonly Piece[][] } {
    const open = this.#rows.fork();
    this.#settle(open);
    return { full: this.#rows.full, open: [...open.full, open.row] };
  }

  #word(text: string, token: number): void {
    const all = characters((this.#tail?.text ?? '') + text);
    for (let i = 0; i < all.length; i++) {
      if (i > 0) this.#settle(this.#rows);
      this.#tail = { text: all[i], token: i > 0 ? token : (this.#tail?.token ?? token) };
    }
  }

  #settle(rows: Rows): void {
    if (this.#tail === undefined) return;
    const { text, token } = this.#tail;
    if (ASCII.test(text)) rows.character(text, token);
    else for (const sign of drawn[this.#glyphs](text)) rows.character(sign, token);
  }
}
