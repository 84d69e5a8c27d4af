import { expect } from 'vitest';
import { nextUp, roundDown } from '../../../src/sampling/float32.ts';
import { padded } from '../../../src/sampling/kernel/memory.ts';
import { numbers, type Plan, rowOf } from './rows.ts';
import type { Twins } from './twins.ts';

const LARGEST = 3.4028234663852886e38;
const SMALLEST = 2 ** -149;
const TEMPERATURES = [5e-324, 1e-45, 1e-38, 1e-20, 1e-3, 0.3, 0.7, 1, 1.5, 40, 1e6, 1e37, 1e38];
/** Where a scale is denormal in Float32, and where it is 0. */
const HOT = [1e39, 1e44, 1e300, Infinity];

/** log2 e / τ as the engine has it: in Float32, and finite. */
const scaleOf = (temperature: number) => Math.min(Math.fround(Math.LOG2E / temperature), LARGEST);

/** Runs every pass over a row, in an order the engine might, with arguments that a plan decides. */
export function every(twins: Twins, plan: Plan, block: number): void {
  const { layout } = twins.wasm;
  const { row: at, rowMaxima: maxima, rowMinima: minima, weights, sums, ids, edited } = layout;
  const row = rowOf(plan);
  const length = padded(row.length);
  const next = numbers(~plan.seed);
  const pick = <T>(values: ArrayLike<T>) => values[Math.floor(next() * values.length)];

  twins.put(at, row, length);
  twins.put(edited, rowOf({ ...plan, seed: plan.seed + 1 }), length);
  const max = twins.run('scan', at, maxima, minima, length, block);
  expect(max, 'a plan gives a row with a token to draw').toBeGreaterThan(-Infinity);
  twins.run('scan', edited, layout.editedMaxima, layout.editedMinima, length, block);

  /** A logit, or a number beside one, or one that is beyond all. */
  const bound = () => {
    const score = pick(row);
    if (score === -Infinity) return pick([-LARGEST, 0, max]);
    return pick([
      score,
      nextUp(score),
      roundDown(score - SMALLEST),
      max,
      -LARGEST,
      0,
      -0,
      Infinity,
    ]);
  };
  const scale = scaleOf(pick([...TEMPERATURES, ...HOT]));
  // What does not count in a vocabulary of this size; or some other bound.
  const least = Math.fround(max - (25 + Math.ceil(Math.log2(row.length))) / scale);
  const negligible = pick([least, least, -Infinity, bound()]);

  const total = twins.run('total', at, maxima, minima, length, block, max, scale, negligible);
  const weighed = twins.run(
    ...(['weigh', at, maxima, minima, weights, sums] as const),
    ...([length, block, max, scale, negligible] as const),
  );
  // A sum that was made without storing weights stands in for that of the stored ones.
  expect(Object.is(total, weighed), `total ${total} is weigh's ${weighed}`).toBe(true);
  const share = (kept: number, above: number) =>
    twins.run('share', at, maxima, minima, kept, length, block, max, scale, negligible, above);
  share(edited, pick([-Infinity, bound()]));
  share(weights, 0);

  const low = bound();
  const found = twins.run('gather', at, maxima, ids, length, block, low);
  expect(twins.run('count', at, maxima, length, block, low)).toBe(found);
  expect(twins.run('tally', at, row.length, low)).toBe(found);
  twins.run('tally', maxima, length / block, low);
  twins.run(
    'between',
    at,
    maxima,
    weights,
    ids,
    length,
    block,
    low,
    pick([bound(), low === Infinity ? low : nextUp(low)]),
  );
  twins.run('cut', at, weights, sums, length, block, max, scale, bound());
  share(weights, 0);
  twins.run('between', at, maxima, weights, ids, length, block, bound(), bound());
}
