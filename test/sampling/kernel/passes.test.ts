// Whether the WebAssembly and its twin in plain arithmetic agree bit for bit in every pass.
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { blockOf, padded } from '../../../src/sampling/kernel/memory.ts';
import { every } from './every-pass.ts';
import { huge, large, middling, type Plan, plans, rowOf, small } from './rows.ts';
import { isWasm, made, Twins, twinsFor } from './twins.ts';

/** Puts a row with some bad logits in front of the scan alone: no other pass is given such. */
function scanBad(plan: Plan, bad: readonly (readonly [at: number, value: number])[]) {
  const pair = twinsFor(plan.size);
  const row = rowOf(plan);
  for (const [at, value] of bad) row[at % plan.size] = value;
  const length = padded(plan.size);
  const { layout } = pair.wasm;
  pair.put(layout.row, row, length);
  const max = pair.run('scan', layout.row, layout.rowMaxima, layout.rowMinima, length, 16);
  const [nan, dead] = new Float64Array(pair.wasm.buffer, 0, 2);
  return { row, max, nan, dead: dead - (length - plan.size) };
}

describe('the twins', () => {
  it('are WebAssembly and none', () => {
    const { wasm, emulated } = new Twins(64);
    const names = Object.keys(emulated.passes) as (keyof typeof emulated.passes)[];
    expect(names.length).toBe(9);
    for (const name of names) {
      expect(isWasm(wasm.passes[name]), name).toBe(true);
      expect(isWasm(emulated.passes[name]), name).toBe(false);
    }
    expect(wasm.layout).toEqual(emulated.layout);
  });

  it.each([
    ['small', small, 25_000],
    ['middling', middling, 5_000],
    ['large', large, 300],
    ['huge', huge, 20],
  ] as const)('agree in every pass over %s rows', (_name, sizes, numRuns) => {
    fc.assert(
      fc.property(plans(sizes), fc.boolean(), (plan, usual) => {
        const length = padded(plan.size);
        // The other block now and then: nothing in the passes depends on the length.
        const block = usual ? blockOf(length) : 80 - blockOf(length);
        every(twinsFor(plan.size), plan, block);
      }),
      { numRuns },
    );
  });

  it('agree on NaN and Infinity wherever they stand, and see each of them', () => {
    const bad = fc.tuple(
      fc.nat(),
      fc.constantFrom(Number.NaN, Number.NaN, Infinity, -Infinity, 0, -0),
    );
    fc.assert(
      fc.property(plans(small), fc.array(bad, { maxLength: 5 }), (plan, bad) => {
        const { row, max, nan, dead } = scanBad(plan, bad);
        if (row.some(Number.isNaN)) {
          expect(nan).toBe(1);
          return;
        }
        // A false alarm takes Infinity, or sums beyond Float32.
        if (row.every((z) => Math.abs(z) < 1e34 || z === -Infinity)) expect(nan).toBe(0);
        expect(dead).toBe(row.filter((z) => z === -Infinity).length);
        const most = row.reduce((a, b) => Math.max(a, b), -Infinity);
        // Of 0 and -0 either is the largest.
        expect(max === most, `${max} is the largest, ${most}`).toBe(true);
      }),
      { numRuns: 5000 },
    );
  });

  it('agree on rows in which nothing is a number, or finite', () => {
    for (const value of [Number.NaN, Infinity, -Infinity])
      for (const size of [1, 64, 65, 200]) {
        const bad = Array.from({ length: size }, (_, at) => [at, value] as const);
        const { max, nan } = scanBad({ shape: 'flat', size, seed: 1 }, bad);
        if (Number.isNaN(value)) expect(nan).toBe(1);
        else expect(max).toBe(value);
      }
  });

  afterAll(() => {
    for (const pair of made.values()) expect(pair.isTidy).toBe(true);
  });
});
