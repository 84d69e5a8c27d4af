import { judge, ratio } from './bars.ts';
import type { Cell } from './cell.ts';
import { describeSetting, type Setting } from './settings.ts';
import { figure, table } from './table.ts';

const columns: readonly (readonly [contender: string, title: string])[] = [
  ['read', 'read'],
  ['token', 'token'],
  ['full', 'full'],
  ['foreign', 'full+copy'],
  ['reference', 'reference'],
  ['llama', 'llama.cpp'],
  ['llamaLast', 'own order'],
  ['hf', 'hf 4.3.1'],
  ['xenova', 'xenova 2.17'],
];

const ratios: readonly (readonly [of: string, to: string])[] = [
  ['full', 'llama'],
  ['token', 'llama'],
  ['xenova', 'full'],
  ['hf', 'full'],
  ['hf', 'token'],
  ['token', 'read'],
  ['full', 'read'],
  ['reference', 'full'],
];

const verdictOf = (cell: Cell): string =>
  judge(cell)
    .map((verdict) =>
      verdict.pass ? 'PASS' : `FAIL ${verdict.ratio} ${figure(verdict.value)} (${verdict.bar})`,
    )
    .join(' ');

/** One setting's cells: microseconds per row, and beside them the ratios and what was promised. */
export function printCells(setting: Setting, cells: readonly Cell[]): string {
  const nameOf = ({ vocabulary, batch }: Cell): string =>
    batch === 1 ? `${vocabulary}` : `${vocabulary} x${batch}`;
  const times = table(
    ['V', ...columns.map(([, title]) => title)],
    cells.map((cell) => [
      nameOf(cell),
      ...columns.map(([contender]) => figure(cell.timings[contender]?.median)),
    ]),
  );
  const quotients = table(
    ['V', ...ratios.map(([of, to]) => `${of}/${to}`), 'verdict'],
    cells.map((cell) => [
      nameOf(cell),
      ...ratios.map(([of, to]) => figure(ratio(cell, of, to))),
      verdictOf(cell),
    ]),
  );
  return `${setting.name}: ${describeSetting(setting)}\nmicroseconds per step (median)\n${times}\nratios\n${quotients}`;
}
