/**
 * The terminal UI: what it takes of the speed of writing, how soon a key shows; see README.md.
 *
 *   npm run bench:ui [-- --quick] [--threads 1] [--rounds 7] [--only speed,keys]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { machine } from './machine.ts';
import { experiments } from './ui/experiments/index.ts';
import { printRows, printVerdicts } from './ui/print.ts';
import type { Row } from './ui/row.ts';
import { judge } from './ui-bars.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    threads: { type: 'string', default: '1' },
    rounds: { type: 'string' },
    only: { type: 'string' },
  },
});
const { quick } = values;
const plan = {
  quick,
  threads: Number(values.threads),
  rounds: Number(values.rounds ?? (quick ? 2 : 7)),
};
const names = values.only?.split(',') ?? Object.keys(experiments);

const load = [loadavg()[0]!];
const rows: Row[] = [];
for (const name of names) {
  console.error(`${name} ...`);
  const found = await experiments[name]!(plan);
  // It takes minutes: what is known is said.
  console.error(printRows(found));
  rows.push(...found);
  load.push(loadavg()[0]!);
}
console.log(`\n${printRows(rows)}`);
const verdicts = judge(rows);
console.log(`\n${printVerdicts(verdicts)}`);
console.log(`\nload of the machine: ${load.map((one) => one.toFixed(1)).join(', ')}`);

const results = new URL('results/', import.meta.url);
mkdirSync(results, { recursive: true });
const report = { machine: machine(), ...plan, load, rows, verdicts };
const fourDigits = (_: string, value: unknown) =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
writeFileSync(new URL('ui.json', results), `${JSON.stringify(report, fourDigits, 1)}\n`);
