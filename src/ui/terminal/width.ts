import stringWidth from 'string-width';

// Blocks of characters of one cell each that never join: rules, boxes, bars and braille with ASCII.
const NARROW = /^[ -~\u2500-\u259F\u2800-\u28FF]*$/;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** How many cells of a terminal a text takes. */
export const textWidth = (text: string): number =>
  NARROW.test(text) ? text.length : stringWidth(text);

/** A text in exactly so many cells: cut between characters, or filled up with spaces. */
export function fitText(text: string, width: number): string {
  if (NARROW.test(text)) return text.slice(0, width).padEnd(width);
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const wide = textWidth(segment);
    if (used + wide > width) break;
    kept += segment;
    used += wide;
  }
  return kept + ' '.repeat(width - used);
}
