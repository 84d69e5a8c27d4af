import type { Glyphs, Line, Size } from '../line.ts';
import { Canvas } from './canvas.ts';
import { page, right, row, span } from './row.ts';
import { spell } from './spell.ts';

/** What an axis shows: from its first value to its last, which may be the smaller one. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  /** Where it is labelled, in the order of the axis. */
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

/** An interval of the x axis that is drawn heavier. */
export interface Band {
  readonly low: number;
  readonly high: number;
}

/** Cells left of the field: a label and the axis. */
const GUTTER = 6;

/** A field with two axes around it. */
export class Plot {
  readonly canvas: Canvas;
  readonly #x: Axis;
  readonly #y: Axis;
  readonly #glyphs: Glyphs;

  constructor({ x, y }: { x: Axis; y: Axis }, { width, height }: Size, glyphs: Glyphs) {
    this.canvas = new Canvas(width - GUTTER, height - 1, glyphs);
    this.#x = x;
    this.#y = y;
    this.#glyphs = glyphs;
  }

  /** The place of a point in cells of the canvas; undefined where it is not a point of numbers. */
  place(x: number, y: number): { readonly x: number; readonly y: number } | undefined {
    const { width, height } = this.canvas;
    // The axes' ends are the middles of the first and the last dot.
    const column = 0.25 + share(this.#x, x) * (width - 0.5);
    const line = 0.125 + share(this.#y, y) * (height - 0.25);
    return Number.isFinite(column) && Number.isFinite(line) ? { x: column, y: line } : undefined;
  }

  /** The nearest place inside the field. */
  inside(x: number, y: number): { readonly x: number; readonly y: number } | undefined {
    const place = this.place(x, y);
    const { width, height } = this.canvas;
    return (
      place && {
        x: Math.min(width - 0.5, Math.max(0, place.x)),
        y: Math.min(height - 0.5, Math.max(0, place.y)),
      }
    );
  }

  /** The field with its axes, in as many cells as were given. */
  rows(size: Size, band?: Band): Line[] {
    const labels = this.#labels();
    const field = this.canvas
      .rows()
      .map((line, y) => [
        span(right(labels.get(y) ?? '', GUTTER - 1), 'dim'),
        span(spell('│', this.#glyphs), 'rule'),
        ...line,
      ]);
    const corner = span(' '.repeat(GUTTER - 1) + spell('└', this.#glyphs), 'rule');
    return page([...field, row([corner, ...this.#bottom(band)], size.width)], size);
  }

  #labels(): Map<number, string> {
    const labels = new Map<number, string>();
    let last = -2;
    for (const { at, text } of this.#y.ticks) {
      const y = Math.floor(this.place(this.#x.from, at)?.y ?? -1);
      // A free row between two labels, but for the last, which says how far down it goes.
      if (y - last < 2) continue;
      labels.set(y, spell(text, this.#glyphs));
      last = y;
    }
    return labels;
  }

  #bottom(band: Band | undefined) {
    const { width } = this.canvas;
    const field = new Canvas(width, 1, this.#glyphs);
    const ends = band && [band.low, band.high].map((x) => this.inside(x, this.#y.from)?.x ?? -1);
    let next = 0;
    for (const { at, text } of this.#x.ticks) {
      const middle = Math.floor(this.place(at, this.#y.from)?.x ?? -1);
      const x = Math.min(width - text.length, Math.max(0, middle - Math.floor(text.length / 2)));
      if (middle < 0 || middle >= width || x < next || !field.write(x, 0, text, 'dim')) continue;
      next = x + text.length + 2;
    }
    for (let x = 0; x < width; x++) {
      const isInBand = ends !== undefined && x >= Math.floor(ends[0]!) && x <= ends[1]!;
      const sign = spell(isInBand ? '━' : '─', this.#glyphs);
      field.write(x, 0, sign, isInBand ? 'reference' : 'rule');
    }
    return field.rows()[0] ?? [];
  }
}

const share = ({ from, to }: Axis, value: number) => (value - from) / (to - from);
