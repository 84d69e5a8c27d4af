import type { Line } from '../ui/line.ts';
import { textWidth } from '../ui/terminal/width.ts';

/** The first of some lines that fits into so many cells, or the last. */
export function fitting(room: number, lines: readonly [...Line[], Line]): Line {
  const widthOf = (line: Line) => line.reduce((sum, { text }) => sum + textWidth(text), 0);
  return lines.find((line) => widthOf(line) <= room) ?? lines.at(-1)!;
}
