/**
 * One sampling step, kelvin's beside its peers'; see README.md.
 *
 *   npm run bench:sampling [-- --quick]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { judge } from './bars.ts';
import { type Cell, measureCell } from './cell.ts';
import { huggingFace } from './contenders/hugging-face.ts';
import { xenova } from './contenders/xenova.ts';
import { measureHeap } from './heap.ts';
import { measureHistory } from './history.ts';
import { kernelSize } from './kernel-size.ts';
import { machine } from './machine.ts';
import { loadNative } from './native/library.ts';
import { omissions } from './omissions.ts';
import { printCells } from './print-cells.ts';
import { printSides } from './print-sides.ts';
import { settings, vocabularies } from './settings.ts';
import { measureStartup } from './startup.ts';

const BATCH = { rows: 8, vocabulary: 50_257 };

const quick = process.argv.includes('--quick');
// The first sampler of the process is timed, so nothing may come before this.
const startup = measureStartup([50_257, 2048, 262_144]);
const native = await loadNative();
const peers = [await huggingFace(), await xenova()];

console.log(`${omissions.join('\n')}\n`);
const cells: Cell[] = [];
for (const setting of settings) {
  const sizes = vocabularies.map((vocabulary) => ({ vocabulary, batch: 1 }));
  sizes.push({ vocabulary: BATCH.vocabulary, batch: BATCH.rows });
  const own: Cell[] = [];
  for (const { vocabulary, batch } of quick ? sizes.slice(0, 2) : sizes)
    own.push(await measureCell(setting, vocabulary, batch, native, peers));
  console.log(`${printCells(setting, own)}\n`);
  cells.push(...own);
}
const heap = settings.flatMap((setting) => measureHeap(setting, 50_257));
const sides = { startup, kernel: kernelSize(), heap, history: measureHistory() };
console.log(printSides(sides));

const verdicts = cells.flatMap((cell) =>
  judge(cell).map((verdict) => ({
    setting: cell.setting,
    vocabulary: cell.vocabulary,
    batch: cell.batch,
    ...verdict,
  })),
);
const passed = verdicts.filter(({ pass }) => pass).length;
console.log(`\n${passed} of ${verdicts.length} ratios are within their bars`);
const results = new URL('results/', import.meta.url);
mkdirSync(results, { recursive: true });
const report = { machine: machine(), cells, verdicts, ...sides };
const fourDigits = (_: string, value: unknown) =>
  typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
writeFileSync(new URL('sampling.json', results), `${JSON.stringify(report, fourDigits, 1)}\n`);
