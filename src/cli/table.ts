import { textWidth } from '../ui/terminal/width.ts';
import { wrapWords } from './wrap-words.ts';

const GAP = '  ';

/**
 * Rows as lines with aligned columns.
 *
 * @param width cells there are; where they do not hold all columns, the last one is broken between
 *   words
 * @param spare columns that may be left out before that, those first that are to go first
 */
export function table(
  rows: readonly (readonly string[])[],
  width = Infinity,
  spare: readonly number[] = [],
): string {
  const widths = columnWidths(rows);
  const kept = new Set(widths.keys());
  const taken = () => [...kept].reduce((sum, column) => sum + widths[column]! + GAP.length, 0);
  for (const column of spare) if (taken() - GAP.length > width) kept.delete(column);
  const last = [...kept].at(-1)!;
  const room = width - (taken() - GAP.length - widths[last]!);
  const lines = rows.flatMap((row) => {
    const [first = '', ...more] = wrapWords(row[last] ?? '', room);
    const cells = [...kept].map((column) => {
      const cell = column === last ? first : (row[column] ?? '');
      return cell + ' '.repeat(Math.max(0, widths[column]! - textWidth(cell)));
    });
    return [cells.join(GAP).trimEnd(), ...more.map((rest) => ' '.repeat(width - room) + rest)];
  });
  return lines.map((line) => `${line}\n`).join('');
}

function columnWidths(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => {
      widths[column] = Math.max(widths[column] ?? 0, textWidth(cell));
    });
  return widths;
}
