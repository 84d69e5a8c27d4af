import stringWidth from 'string-width';

const ASCII = /^[ -~]*$/;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** How many cells of a terminal a text takes. */
export const textWidth = (text: string): number =>
  ASCII.test(text) ? text.length : stringWidth(text);

/** A text in exactly so many cells: cut between characters, or filled up with spaces. */
export function fitText(text: string, width: number): string {
  if (ASCII.test(text)) return text.slice(0, width).padEnd(width);
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
