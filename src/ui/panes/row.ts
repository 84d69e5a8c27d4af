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

/** Exactly `height` rows: what is too much is left out below, what lacks is blank. */
export function page(lines: readonly Line[], { width, height }: Size): Line[] {
  const rows = lines.slice(0, height);
  while (rows.length < height) rows.push(new Row(width).end());
  return rows;
}
