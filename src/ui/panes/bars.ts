import type { Glyphs, Style } from '../line.ts';
import type { Row } from './row.ts';

/** By how many halves of the upper, then of the lower bar reach into the cell. */
const QUADRANTS = [
  [' ', '▖', '▄'],
  ['▘', '▌', '▙'],
  ['▀', '▛', '█'],
];

/** Halves of a cell; what is not nothing is seen. */
const halves = (value: number, scale: number, width: number): number =>
  value > 0 && scale > 0 ? Math.max(1, Math.round(Math.min(1, value / scale) * width * 2)) : 0;

/**
 * Adds two bars to a row, one above the other in the same cells: raw above, shaped below. `█` is
 * both, `▄` what shaping added, `▀` what it took; in ASCII `#`, `+` and `-`.
 *
 * @param scale the value of a bar of `width` cells
 * @param lost the style of what only raw has
 */
export function addBars(
  row: Row,
  { raw, shaped }: { readonly raw: number; readonly shaped: number },
  scale: number,
  width: number,
  lost: Style,
  glyphs: Glyphs,
): void {
  const upper = halves(raw, scale, width);
  const lower = halves(shaped, scale, width);
  for (let cell = 0; cell < width; cell++) {
    const above = Math.min(2, Math.max(0, upper - cell * 2));
    const below = Math.min(2, Math.max(0, lower - cell * 2));
    if (above + below === 0) return;
    const style = below > 0 ? 'shaped' : lost;
    if (glyphs === 'unicode') row.add(QUADRANTS[above][below], style, 1);
    // A cell is all or nothing: where a bar ends in its first half, only as its only cell.
    else
      row.add(
        sign(above > 1 || cell === 0 ? above : 0, below > 1 || cell === 0 ? below : 0),
        style,
        1,
      );
  }
}

function sign(above: number, below: number): string {
  if (above > 0) return below > 0 ? '#' : '-';
  return below > 0 ? '+' : ' ';
}
