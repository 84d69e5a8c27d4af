import type { Draw, Line, Size } from '../line.ts';
import { fitText, textWidth } from '../terminal/width.ts';
import { page, span } from './row.ts';
import { spell } from './spell.ts';

export interface HelpPane {
  readonly rows: readonly { readonly keys: string; readonly help: string }[];
  /** How many rows are scrolled past; those beyond the end show the end. */
  readonly offset?: number;
}

const GAP = 2;
const MOST_HELP = 48;

/** Every key and what it does, down one column and then the next; the last row tells of the rest. */
export const drawHelp: Draw<HelpPane> = (pane, size, glyphs) => {
  const { rows, offset = 0 } = pane;
  const { columns, lines } = flow(rows, size);
  const isWhole = lines <= size.height;
  const room = isWhole ? size.height : Math.max(0, size.height - 1);
  const from = Math.min(Math.max(0, Math.floor(offset)), helpOverflow(rows, size));
  const wide = Math.floor(size.width / columns);
  const keys = keyWidth(rows);
  const shown = Array.from({ length: Math.max(0, Math.min(room, lines - from)) }, (_, y) =>
    Array.from({ length: columns }, (_, x) => {
      const row = rows[x * lines + from + y];
      if (!row) return [span(' '.repeat(wide))];
      const help = Math.max(0, wide - 1 - keys - GAP);
      return [
        span(' '),
        span(fitText(spell(row.keys, glyphs), Math.min(keys, wide - 1)), 'key'),
        span(' '.repeat(GAP) + fitText(spell(row.help, glyphs), help)),
      ];
    }).flat(),
  );
  return page([...shown, ...(isWhole ? [] : [rest(lines, from, room, glyphs)])], size);
};

/** The largest offset that still fills the pane: 0 where everything fits. */
export function helpOverflow(rows: HelpPane['rows'], size: Size): number {
  const { lines } = flow(rows, size);
  return lines <= size.height ? 0 : lines - Math.max(0, size.height - 1);
}

function rest(
  lines: number,
  from: number,
  room: number,
  glyphs: Parameters<typeof spell>[1],
): Line {
  const below = lines - from - room;
  const arrows = [...(from > 0 ? ['↑'] : []), ...(below > 0 ? ['↓'] : [])].join(' ');
  const text = ` ${arrows}  rows ${from + 1} to ${from + room} of ${lines}`;
  return [span(spell(text, glyphs), 'dim')];
}

// As many columns as there is width for, and no more than it takes.
function flow(rows: HelpPane['rows'], { width, height }: Size) {
  const help = Math.min(MOST_HELP, Math.max(0, ...rows.map(({ help }) => textWidth(help))));
  const most = Math.max(1, Math.floor(width / (1 + keyWidth(rows) + GAP + help + 1)));
  const columns = Math.min(most, Math.max(1, Math.ceil(rows.length / Math.max(1, height))));
  return { columns, lines: Math.ceil(rows.length / columns) };
}

const keyWidth = (rows: HelpPane['rows']) =>
  Math.max(0, ...rows.map(({ keys }) => textWidth(keys)));
