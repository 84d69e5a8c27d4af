import stringWidth from 'string-width';

/** The cells a text takes in a terminal; it holds no control characters. */
export function textWidth(text: string): number {
  if (NARROW.test(text)) return text.length;
  let width = widths.get(text);
  if (width === undefined) {
    width = stringWidth(text);
    if (widths.size >= MOST_WIDTHS) widths.clear();
    widths.set(text, width);
  }
  return width;
}

/**
 * A text in exactly so many cells, cut between graphemes or filled with spaces. Where half of a wide
 * character would fit, a space is left.
 */
export function fitText(text: string, width: number): string {
  const has = textWidth(text);
  if (has <= width) return text + ' '.repeat(width - has);
  if (NARROW.test(text)) return text.slice(0, Math.max(0, width));
  let taken = '';
  let cells = 0;
  for (const { segment } of segmenter.segment(text)) {
    const next = cells + textWidth(segment);
    if (next > width) break;
    cells = next;
    taken += segment;
  }
  return taken + ' '.repeat(Math.max(0, width - cells));
}

// Blocks of characters of one cell each that never join: letters of the West, rules and boxes,
// bars, braille. Ambiguous ones count as narrow, as terminals do outside East Asian settings.
const NARROW = /^[ -~·À-ɏ\u2500-\u259F\u2800-\u28FF]*$/;
// Texts of tokens are few and come again; a text that grows is measured in pieces.
const MOST_WIDTHS = 8192;
const widths = new Map<string, number>();
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
