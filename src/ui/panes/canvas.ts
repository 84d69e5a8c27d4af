import type { Glyphs, Line, Span, Style } from '../line.ts';
import { textWidth } from '../terminal/width.ts';

/** Dots of a braille sign, by column and row: U+2800 plus their sum. */
const BRAILLE = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const;

interface Cell {
  sign: string;
  style: Style;
}

/**
 * A field of cells to plot in: signs in cells, and dots in between, 2 × 4 to a cell. Where a cell
 * can only show an ASCII sign, its dots are one.
 */
export class Canvas {
  readonly width: number;
  readonly height: number;
  readonly #glyphs: Glyphs;
  readonly #dots: Uint8Array;
  readonly #signs = new Map<number, Cell>();

  constructor(width: number, height: number, glyphs: Glyphs) {
    this.width = Math.max(0, Math.floor(width));
    this.height = Math.max(0, Math.floor(height));
    this.#glyphs = glyphs;
    this.#dots = new Uint8Array(this.width * this.height);
  }

  /** A dot at a place in cells, whole or not, from the top left; nothing outside the field. */
  dot(x: number, y: number): void {
    const at = this.#index(Math.floor(x), Math.floor(y));
    if (at === undefined) return;
    const column = Math.floor((x % 1) * 2) as 0 | 1;
    const line = Math.floor((y % 1) * 4) as 0 | 1 | 2 | 3;
    this.#dots[at]! |= BRAILLE[column][line];
  }

  /** A sign of one cell over whatever is there. */
  put(x: number, y: number, sign: string, style: Style): void {
    const at = this.#index(Math.floor(x), Math.floor(y));
    if (at !== undefined) this.#signs.set(at, { sign, style });
  }

  /** Writes a text where all of its cells are free, and says whether they were. */
  write(x: number, y: number, text: string, style: Style): boolean {
    const signs = [...text];
    if (textWidth(text) !== signs.length || !signs.every((_, i) => this.#isFree(x + i, y)))
      return false;
    for (const [i, sign] of signs.entries()) this.put(x + i, y, sign, style);
    return true;
  }

  /** Whether a place lies in the field. */
  holds(x: number, y: number): boolean {
    return this.#index(Math.floor(x), Math.floor(y)) !== undefined;
  }

  rows(): Line[] {
    return Array.from({ length: this.height }, (_, y) => this.#row(y));
  }

  #row(y: number): Line {
    const line: Span[] = [];
    for (let x = 0; x < this.width; x++) {
      const { sign, style } = this.#cell(y * this.width + x);
      const last = line.at(-1);
      if (last?.style === style) line[line.length - 1] = { text: last.text + sign, style };
      else line.push({ text: sign, style });
    }
    return line;
  }

  #cell(at: number): Cell {
    const dots = this.#dots[at]!;
    const dotted = dots > 0 && { sign: this.#sign(dots), style: 'curve' as const };
    return this.#signs.get(at) ?? (dotted || { sign: ' ', style: 'plain' });
  }

  #sign(dots: number): string {
    if (this.#glyphs === 'unicode') return String.fromCodePoint(0x2800 + dots);
    return (dots & 0b11100100) === 0 ? "'" : '.';
  }

  #isFree(x: number, y: number): boolean {
    const at = this.#index(x, y);
    return at !== undefined && this.#dots[at] === 0 && !this.#signs.has(at);
  }

  #index(x: number, y: number): number | undefined {
    const isInside = x >= 0 && x < this.width && y >= 0 && y < this.height;
    return isInside ? y * this.width + x : undefined;
  }
}
