import type { Size } from '../line.ts';

/** Cells from the screen's upper left corner, which is 0, 0. */
export interface Rect extends Size {
  readonly left: number;
  readonly top: number;
}

/** A painted pane and where it goes. */
export interface Placed {
  readonly rect: Rect;
  readonly rows: readonly string[];
}

/**
 * The rows of the screen. A row that any pane is on belongs to the panes, side by side from left to
 * right with blanks in the gaps; every other row is Ink's.
 */
export function compose(
  frame: readonly string[],
  panes: readonly Placed[],
  height: number,
): string[] {
  return Array.from({ length: height }, (_, y) => {
    const here = panes.filter(({ rect }) => y >= rect.top && y < rect.top + rect.height);
    if (here.length === 0) return frame[y] ?? '';
    // Each pane is put at its column by number: should the terminal and kelvin differ on the
    // width of a character, the panes to its right stay where they are.
    return here
      .map(({ rect, rows }) => `\u001B[${rect.left + 1}G${rows[y - rect.top] ?? ''}`)
      .join('');
  });
}

/**
 * What to write so that a terminal that shows one screen shows another; '' if nothing. A row that
 * is undefined may show anything.
 *
 * A changed row is erased before it is written, never after: with wrapping off the cursor stays in
 * the last column, and erasing would take that one. Terminals that know synchronised update (mode
 * 2026) show the whole difference at once.
 */
export function difference(
  before: readonly (string | undefined)[],
  after: readonly string[],
): string {
  let rows = '';
  for (const [y, row] of after.entries()) {
    if (row !== before[y]) rows += `\u001B[${y + 1};1H\u001B[m\u001B[K${row}`;
  }
  return rows && `\u001B[?2026h${rows}\u001B[?2026l`;
}
