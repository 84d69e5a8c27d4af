import type { Draw, Glyphs, Size, Span, Style } from '../line.ts';
import { visible } from '../terminal/visible.ts';
import { fitText, textWidth } from '../terminal/width.ts';
import { bar } from './bar.ts';
import { paragraph } from './paragraph.ts';
import { page, right, span } from './row.ts';
import { spell } from './spell.ts';
import { columnsFor, type SweepRow } from './sweep-columns.ts';

export interface SweepPane {
  readonly progress: { readonly done: number; readonly total: number; readonly etaMs?: number };
  /** What is measured so far. */
  readonly rows: readonly SweepRow[];
  /** The label of the row to go on with, and why. */
  readonly best?: { readonly label: string; readonly why: string };
  readonly isRunning: boolean;
  /** Why it did not go on. */
  readonly error?: string;
}

/** Measured runs as a table that fits, how far they are, and which setting they speak for. */
export const drawSweep: Draw<SweepPane> = (pane, size, glyphs) => {
  const { width, height } = size;
  const { rows, best, error } = pane;
  const columns = columnsFor(width, rows, glyphs);
  const head = [
    progressRow(pane, width, glyphs),
    [span('  '), ...columns.map(({ title, width }, i) => span(cell(title, width, i), 'title'))],
  ];
  const foot = [
    ...(error === undefined ? [] : [[span(` ${visible(error, glyphs, 'none')}`, 'error')]]),
    ...(best ? recommendation(best, pane, size, glyphs) : []),
  ];
  const room = Math.max(0, height - head.length - foot.length);
  const example = width - 4 - columns.reduce((sum, column) => sum + column.width, 0);
  const lines = inView(rows, room, best?.label).map((row): Span[] => {
    const isBest = row.label === best?.label;
    const style: Style = isBest ? 'selected' : 'plain';
    return [
      span(spell(isBest ? '▸ ' : '  ', glyphs), style),
      ...columns.map((column, i) =>
        span(cell(spell(column.text(row), glyphs), column.width, i), style),
      ),
      ...(example >= 12
        ? [span(`  ${fitText(visible(row.example, glyphs), example)}`, 'dim')]
        : []),
    ];
  });
  return page([...head, ...lines, ...foot], size);
};

const cell = (text: string, width: number, place: number) =>
  place === 0 ? fitText(text, width) : right(text, width);

function progressRow(pane: SweepPane, width: number, glyphs: Glyphs): Span[] {
  const { done, total, etaMs } = pane.progress;
  const state = stateOf(pane);
  const eta = pane.isRunning && etaMs !== undefined ? `, ${duration(etaMs)} left` : '';
  const text = [` ${done}/${total} ${state}${eta}`, ` ${done}/${total} ${state}`].find(
    (text) => textWidth(text) + 10 <= width,
  );
  const said = text ?? ` ${done}/${total}`;
  const keys = pane.isRunning ? [span('  '), span('esc', 'key'), span(' stops')] : [];
  const left = width - 1 - textWidth(said);
  const barWidth = Math.max(0, Math.min(30, left - (left >= 24 ? 12 : 0)));
  const share = total > 0 ? done / total : 0;
  return [
    span(' '),
    ...bar(share, barWidth, 'shaped', glyphs),
    span(said, 'bold'),
    ...(left - barWidth >= 12 ? keys : []),
  ];
}

function stateOf({ isRunning, error, progress: { done, total } }: SweepPane): string {
  if (isRunning) return 'running';
  if (error !== undefined) return 'failed';
  return done < total ? 'stopped' : 'done';
}

// Why it is the best one in the same row, or in rows of its own where it is long and there are some.
function recommendation(
  { label, why }: { label: string; why: string },
  { isRunning, rows }: SweepPane,
  { width, height }: Size,
  glyphs: Glyphs,
): Span[][] {
  const best = [
    span(spell(`▸ ${isRunning ? 'best so far' : 'recommended'}  `, glyphs), 'title'),
    span(spell(label, glyphs), 'selected'),
  ];
  const reason = `  ${spell(why, glyphs)}`;
  const taken = best.reduce((sum, { text }) => sum + textWidth(text), 0);
  const below = paragraph(reason.trim(), width - 3).map((text) => [span(`  ${text}`, 'dim')]);
  const isLong = taken + textWidth(reason) > width;
  return isLong && height >= rows.length + 3 + below.length
    ? [best, ...below]
    : [[...best, span(reason, 'dim')]];
}

// The latest while there is not room for all, and the best one among them.
function inView(rows: readonly SweepRow[], room: number, best: string | undefined) {
  const at = rows.findIndex(({ label }) => label === best);
  const last = Math.max(0, rows.length - room);
  const from = at === -1 ? last : Math.min(at, last);
  return rows.slice(from, from + room);
}

function duration(ms: number): string {
  if (!Number.isFinite(ms)) return '?';
  const all = Math.max(0, Math.ceil(ms / 1000));
  return all < 60 ? `${all} s` : `${Math.floor(all / 60)} min ${all % 60} s`;
}
