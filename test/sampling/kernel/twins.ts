import { expect } from 'vitest';
import { createKernel, emulatedKernel, type Kernel } from '../../../src/sampling/kernel/kernel.ts';
import type { Passes } from '../../../src/sampling/kernel/passes.ts';

/** What passes.ts says each pass leaves in the result slots; what is in the others is nobody's. */
const RESULTS: Readonly<Record<keyof Passes, number>> = {
  scan: 4,
  weigh: 1,
  total: 1,
  share: 2,
  gather: 0,
  count: 0,
  tally: 0,
  between: 1,
  cut: 2,
};

const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Table: new (type: {
      element: 'anyfunc';
      initial: number;
    }) => { set(at: number, entry: unknown): void };
  };
};

/** Whether a function is exported by WebAssembly: a table takes no other. */
export function isWasm(entry: unknown): boolean {
  try {
    new WebAssembly.Table({ element: 'anyfunc', initial: 1 }).set(0, entry);
    return true;
  } catch {
    return false;
  }
}

const bitsOf = (x: number) => new BigUint64Array(Float64Array.of(x).buffer)[0];

/** A kernel in WebAssembly and one in plain arithmetic, made to do the same. */
export class Twins {
  readonly wasm: Kernel;
  readonly emulated: Kernel;

  constructor(capacity: number) {
    this.wasm = createKernel(capacity);
    this.emulated = emulatedKernel(capacity);
  }

  /** Puts a row into both, padded as the engine does. */
  put(at: number, row: Float32Array, length: number): void {
    for (const { buffer } of [this.wasm, this.emulated]) {
      const values = new Float32Array(buffer, at, length);
      values.set(row);
      values.fill(-Infinity, row.length);
    }
  }

  /**
   * Runs a pass in both and asserts that they return the same bits, give the same results and leave
   * the same memory, all of it.
   *
   * @returns what the pass does
   */
  run<Name extends keyof Passes>(name: Name, ...args: Parameters<Passes[Name]>): number {
    // Taken out of its object first, as exported functions may be.
    const [actual, expected] = [this.wasm, this.emulated].map(({ passes }) => {
      const pass = passes[name] as (...args: readonly number[]) => number;
      return pass(...args);
    });
    if (bitsOf(actual) !== bitsOf(expected)) expect(actual, `${name} returns`).toBe(expected);
    for (let slot = 0; slot < RESULTS[name]; slot++) {
      const [one, other] = [this.wasm, this.emulated].map(
        ({ buffer }) => new Float64Array(buffer, 0, 4)[slot],
      );
      if (bitsOf(one) !== bitsOf(other)) expect(one, `result ${slot} of ${name}`).toBe(other);
    }
    this.#expectSameMemory(name);
    return actual;
  }

  /** From the row on; before it are the results, and constants that the emulation does not need. */
  #expectSameMemory(name: string): void {
    const { layout } = this.wasm;
    for (const { buffer } of [this.wasm, this.emulated])
      for (const at of [layout.rowMinima, layout.editedMinima]) {
        // Whether a minimum is 0 or -0 hangs on the order of comparisons, and all that is done with
        // a minimum is to compare it.
        const minima = new Float32Array(buffer, at, layout.capacity / 16);
        for (let i = 0; i < minima.length; i++) minima[i] += 0;
      }
    const [one, other] = [this.wasm, this.emulated].map(({ buffer }) =>
      Buffer.from(buffer, layout.row, layout.bytes - layout.row),
    );
    if (one.equals(other)) return;
    const at = layout.row + one.findIndex((byte, i) => byte !== other[i]);
    const area = Object.entries(layout)
      .filter(([area, start]) => !['capacity', 'bytes'].includes(area) && start <= at)
      .sort(([, a], [, b]) => b - a)[0];
    expect.fail(`after ${name} the twins differ in ${area[0]}, ${at - area[1]} bytes in`);
  }

  /** Whether nothing but the layout's areas was ever written. */
  get isTidy(): boolean {
    const { buffer, layout } = this.wasm;
    return Buffer.from(buffer, layout.bytes).every((byte) => byte === 0);
  }
}

/** Twins by capacity. */
export const made = new Map<number, Twins>();

/** Twins with room for a row. Kept, so that each row finds what another one has left. */
export function twinsFor(size: number): Twins {
  const capacity = Math.max(64, 2 ** Math.ceil(Math.log2(size)));
  const twins = made.get(capacity) ?? new Twins(capacity);
  made.set(capacity, twins);
  return twins;
}
