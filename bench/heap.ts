import { quantile } from './interleave.ts';
import { drawFull, drawToken, optionsOf, Sampler } from './kelvin.ts';
import { rowsOf } from './rows.ts';
import type { Setting } from './settings.ts';

const SAMPLES = 60;
const STEPS = 32;

export interface Heap {
  readonly setting: string;
  readonly vocabulary: number;
  readonly contender: 'full' | 'token';
  /** Bytes per step on the garbage-collected heap. */
  readonly heap: number;
  /** Bytes per step in array buffers. */
  readonly arrayBuffers: number;
  readonly pass: boolean;
}

const MOST_HEAP = 1024;

/** How much the memory in use grows while the work is done, by its median: a collection is no growth. */
function growth(work: () => void): { heap: number; arrayBuffers: number } {
  const heap: number[] = [];
  const arrayBuffers: number[] = [];
  globalThis.gc?.();
  for (let i = 0; i < SAMPLES; i++) {
    const before = process.memoryUsage();
    work();
    const after = process.memoryUsage();
    heap.push(after.heapUsed - before.heapUsed);
    arrayBuffers.push(after.arrayBuffers - before.arrayBuffers);
  }
  return { heap: quantile(heap, 0.5), arrayBuffers: Math.max(...arrayBuffers) };
}

/** Bytes that steps allocate once they are compiled. */
export function measureHeap(setting: Setting, vocabulary: number): Heap[] {
  const sampler = new Sampler(optionsOf(setting), vocabulary);
  const { row } = sampler;
  row.set(rowsOf(vocabulary)[0]);
  const nothing = growth(() => {});
  return (['full', 'token'] as const).map((contender) => {
    const draw = contender === 'full' ? drawFull : drawToken;
    let step = 0;
    const run = () => {
      for (let i = 0; i < STEPS; i++) draw(sampler, row, { step: step++ });
    };
    for (let i = 0; i < SAMPLES; i++) run();
    const grown = growth(run);
    const heap = (grown.heap - nothing.heap) / STEPS;
    const arrayBuffers = grown.arrayBuffers / STEPS;
    return {
      setting: setting.name,
      vocabulary,
      contender,
      heap,
      arrayBuffers,
      pass: heap < MOST_HEAP && arrayBuffers === 0,
    };
  });
}
