/**
 * Running a model, kelvin's way beside the plain one and its peers'; see README.md.
 *
 *   npm run bench:model [-- --quick] [--threads 2] [--rounds 5] [--only context,load]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { machine } from './machine.ts';
import { experiments } from './model/experiments/index.ts';
import { printRows, printVerdicts } from './model/print.ts';
import type { Row } from './model/row.ts';
import { sameWeights } from './model/same-weights.ts';
import { judge } from './model-bars.ts';

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
  rounds: Number(values.rounds ?? (quick ? 2 : 5)),
};
const names = values.only?.split(',') ?? Object.keys(experiments);

const same = names.includes('speed') ? await sameWeights(plan) : undefined;
if (same) console.log(`the same weights in llama.cpp: ${JSON.stringify(same)}`);
const rows: Row[] = [];
for (const name of names) {
  console.error(`${name} ...`);
  rows.push(...(await experiments[name](plan)));
}
console.log(`\n${printRows(rows)}`);
const verdicts = judge(rows);
console.log(`\n${printVerdicts(verdicts)}`);

const results = new URL('results/', import.meta.url);
mkdirSync(results, { recursive: true });
const report = { machine: machine(), ...plan, sameWeights: same, rows, verdicts };
const fourDigits = (_: string, value: unknown) =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
writeFileSync(new URL('model.json', results), `${JSON.stringify(report, fourDigits, 1)}\n`);
