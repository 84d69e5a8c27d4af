import type { Glyphs, Span, Style } from '../line.ts';
import { span } from './row.ts';

/** A bar from the left, of a share in [0, 1] of so many cells, to half a cell. */
export function bar(share: number, width: number, style: Style, glyphs: Glyphs): Span[] {
  const text = blocks(share, width, glyphs);
  return [span(text, style), span(' '.repeat(width - text.length))];
}

/** A bar to the left of the middle or to the right of it, of a share in [−1, 1]. */
export function signedBar(share: number, width: number, glyphs: Glyphs): Span[] {
  const half = Math.max(0, Math.floor((width - 1) / 2));
  const text = blocks(Math.abs(share), half, glyphs);
  const free = ' '.repeat(half - text.length);
  const middle = span(glyphs === 'ascii' ? '|' : '│', 'rule');
  if (share >= 0) return [span(' '.repeat(half)), middle, span(text, 'shaped'), span(free)];
  const mirrored = [...text].reverse().join('').replace('▌', '▐');
  return [span(free), span(mirrored, 'cut'), middle, span(' '.repeat(half))];
}

// What is not nothing is seen.
function blocks(share: number, width: number, glyphs: Glyphs): string {
  const part = Math.min(1, Math.max(0, Number.isNaN(share) ? 0 : share));
  if (width < 1 || part === 0) return '';
  if (glyphs === 'ascii') return '#'.repeat(Math.max(1, Math.round(part * width)));
  const halves = Math.max(1, Math.round(part * width * 2));
  return '█'.repeat(halves >> 1) + (halves & 1 ? '▌' : '');
}
