import stringWidth from 'string-width';

const ASCII = /^[ -~]*$/;
const segmenter = new Intl.Segmenter();

/** Cells that a text takes on a terminal. Tabs and control characters count as none. */
export const textWidth = (text: string): number =>
  ASCII.test(text) ? text.length : stringWidth(text, { countAnsiEscapeCodes: true });

/** The text cut between characters, or filled with spaces, to exactly `width` cells. */
export function fitText(text: string, width: number): string {
  if (ASCII.test(text)) return text.slice(0, width).padEnd(width);
  let kept = '';
  let taken = 0;
  for (const { segment } of segmenter.segment(text)) {
    const needed = textWidth(segment);
    if (taken + needed > width) break;
    kept += segment;
    taken += needed;
  }
  return kept + ' '.repeat(width - taken);
}
