import type { Verdict } from '../model-bars.ts';
import { figure, table } from '../table.ts';
import type { Row } from './row.ts';

/** One row's sides: milliseconds, and megabytes where they were watched. */
export function printRows(rows: readonly Row[]): string {
  return table(
    ['what', 'model', 'at', 'side', 'wall ms', 'low', 'high', 'cpu ms', 'peak MB', 'grown', 'per'],
    rows.flatMap(({ name, model, at, per, sides }) =>
      Object.entries(sides).map(([side, { wall, cpu, peak, growth }]) => [
        name,
        model,
        at,
        side,
        figure(wall?.median),
        figure(wall?.low),
        figure(wall?.high),
        figure(cpu?.median),
        figure(peak?.median),
        figure(growth?.median),
        per,
      ]),
    ),
  );
}

export function printVerdicts(verdicts: readonly Verdict[]): string {
  return table(
    ['what', 'model', 'at', 'ratio', 'of', 'value', 'by cpu', 'bar', 'verdict'],
    verdicts.map(({ row, model, at, ratio, measure, value, cpu, bar, verdict }) => [
      row,
      model,
      at,
      ratio,
      measure,
      figure(value),
      figure(cpu),
      bar,
      verdict,
    ]),
  );
}
