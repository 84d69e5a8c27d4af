import type { Line, Size, Span, Style } from '../line.ts';
import { fitText, textWidth } from '../terminal/width.ts';

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
