import type { Line, Size, Span, Style } from '../line.ts';
import { fitText, textWidth } from '../terminal/width.ts';

/** A row under construction: spans from left to right, cut and filled to its width at the end. */
export class Row {
  readonly #spans: Span[] = [];
  readonly #width: number;
  #taken = 0;

  constructor(width: number) {
    this.#width = width;
  }

  /**
   * Adds what fits of a harmless text.
   *
   * @param taken its cells, for who knows them: measuring is dear
   */
  add(text: string, style: Style = 'plain', taken: number = textWidth(text)): this {
    const { room } = this;
    if (room <= 0 || text === '') return this;
    const isWhole = taken <= room;
    this.#push(isWhole ? text : fitText(text, room), style);
    this.#taken += isWhole ? taken : room;
    return this;
  }

  /** Cells that are left. */
  get room(): number {
    return this.#width - this.#taken;
  }

  /** Moves on to a column, if it is not there yet. */
  to(column: number): this {
    const gap = Math.min(column, this.#width) - this.#taken;
    return gap > 0 ? this.add(' '.repeat(gap), 'plain', gap) : this;
  }

  /** The finished row. */
  end(): Line {
    return this.to(this.#width).#spans;
  }

  #push(text: string, style: Style): void {
    const last = this.#spans.at(-1);
    if (last?.style === style)
      this.#spans[this.#spans.length - 1] = { text: last.text + text, style };
    else this.#spans.push({ text, style });
  }
}

export const span = (text: string, style: Style = 'plain'): Span => ({ text, style });

/** A row of exactly so many cells: the last spans are cut, or it is filled up. */
export function row(spans: readonly Span[], width: number): Line {
  const line: Span[] = [];
  let left = width;
  for (const { text, style } of spans) {
    if (left <= 0) break;
    if (text === '') continue;
    const taken = textWidth(text);
    line.push(span(taken <= left ? text : fitText(text, left), style));
    left -= taken;
  }
  if (left > 0) line.push(span(' '.repeat(left)));
  return line;
}

/** Exactly as many rows as there is room for: the last are left out, or it is filled up. */
export function page(rows: readonly (readonly Span[])[], { width, height }: Size): Line[] {
  return Array.from({ length: height }, (_, i) => row(rows[i] ?? [], width));
}

/** A text at the right end of so many cells, cut where it is longer. */
export const right = (text: string, width: number): string =>
  fitText(' '.repeat(Math.max(0, width - textWidth(text))) + text, width);
