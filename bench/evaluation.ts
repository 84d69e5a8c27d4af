/**
 * The temperature curve and the metrics of a text; see README.md.
 *
 *   npm run bench:evaluation
 */
import type * as evaluation from 'kelvin/evaluation';
import { microsecondsSince, sink } from './contender.ts';
import { quantile } from './interleave.ts';
import { distFolder } from './kelvin.ts';
import { randomOf } from './random.ts';
import { rowsOf } from './rows.ts';

const { exactTemperatureCurve, gapBelowCurve, TextMetrics, temperatureCurve, tradeOff } =
  (await import(new URL('evaluation/index.js', distFolder).href)) as typeof evaluation;

const VOCABULARY = 50_257;
const ROUNDS = 400;
/** The direct form takes so much longer that a few rounds are enough. */
const EXACT_ROUNDS = 24;
const TOKENS = 16_384;
const WINDOW = 256;

const rows = rowsOf(VOCABULARY);
const point = { diversity: 2, coherence: -4 };
const uniform = new Float64Array(VOCABULARY).fill(1 / VOCABULARY);

/** What the later half of some calls takes: median and nine tenths, in microseconds. */
function time(rounds: number, call: (round: number) => number): { median: number; high: number } {
  const times = Array.from({ length: rounds }, (_, round) => {
    const start = performance.now();
    sink.value += call(round);
    return microsecondsSince(start);
  }).slice(rounds >> 1);
  return { median: quantile(times, 0.5), high: quantile(times, 0.9) };
}

const row = (round: number) => rows[round % rows.length];
const fast = time(ROUNDS, (round) => temperatureCurve(row(round))[1].coherence);
const exact = time(EXACT_ROUNDS, (round) => exactTemperatureCurve(row(round))[1].coherence);
const gap = time(ROUNDS, (round) => gapBelowCurve(point, row(round)));
const now = time(ROUNDS, (round) => tradeOff(uniform, row(round)).coherence);

/** Microseconds per token of a text whose tokens are as frequent as in natural text. */
function pushing(window?: number): { push: number; pop: number } {
  const random = randomOf(TOKENS);
  const text = Array.from({ length: TOKENS }, () => Math.floor(VOCABULARY ** random()) - 1);
  const pushes: number[] = [];
  const pops: number[] = [];
  for (let round = 0; round < 12; round++) {
    const metrics = new TextMetrics({ window });
    const start = performance.now();
    for (const token of text) metrics.push({ token, logprob: -2, entropy: 2, varentropy: 1 });
    pushes.push(microsecondsSince(start) / TOKENS);
    sink.value += metrics.read().diversity;
    const middle = performance.now();
    for (let i = 0; i < TOKENS; i++) metrics.pop();
    pops.push(microsecondsSince(middle) / TOKENS);
  }
  return { push: quantile(pushes.slice(4), 0.5), pop: quantile(pops.slice(4), 0.5) };
}

const { median } = fast;
const whole = pushing();
const windowed = pushing(WINDOW);
const table = [
  ['curve, 24 temperatures', median, 1000],
  ['  its slowest tenth', fast.high, undefined],
  ['  the direct form / it', exact.median / median, undefined],
  ['gap below the curve', gap.median, 1000],
  ['point of a flat distribution', now.median, undefined],
  ['text metrics, push', whole.push, 2],
  ['  pop', whole.pop, 2],
  [`  push, last ${WINDOW} tokens`, windowed.push, 2],
  ['  pop', windowed.pop, 2],
] as const;
console.log(`${VOCABULARY} logits a row; microseconds, medians\n`);
for (const [name, value, bar] of table) {
  const verdict = bar === undefined ? '' : `  bar ${bar}: ${value <= bar ? 'within' : 'MISSED'}`;
  console.log(`${name.padEnd(28)}${value.toFixed(2).padStart(10)}${verdict}`);
}
