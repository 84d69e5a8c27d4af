import { figure, table } from '../table.ts';
import type { Verdict } from '../ui-bars.ts';
import type { Row } from './row.ts';

export function printRows(rows: readonly Row[]): string {
  return table(
    ['what', 'model', 'at', 'of', 'median', 'p95', 'worst', 'unit'],
    rows.flatMap(({ name, model, at, unit, quantities }) =>
      Object.entries(quantities).map(([of, { median, p95, worst }]) => [
        ...[name, model, at, of],
        ...[figure(median), figure(p95), figure(worst), unit],
      ]),
    ),
  );
}

export function printVerdicts(verdicts: readonly Verdict[]): string {
  return table(
    ['what', 'model', 'at', 'of', 'value', 'by its thread', 'bar', 'verdict'],
    verdicts.map(({ row, model, at, of, value, thread, bar, verdict }) => [
      ...[row, model, at, of],
      ...[figure(value), figure(thread), bar, verdict],
    ]),
  );
}
