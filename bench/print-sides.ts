import type { Heap } from './heap.ts';
import type { HistoryCost } from './history.ts';
import type { KernelSize } from './kernel-size.ts';
import type { Startup } from './startup.ts';
import { figure, table } from './table.ts';

export interface Sides {
  readonly startup: readonly Startup[];
  readonly kernel: KernelSize | undefined;
  readonly heap: readonly Heap[];
  readonly history: readonly HistoryCost[];
}

/** Everything that is measured beside the steps themselves. */
export function printSides({ startup, kernel, heap, history }: Sides): string {
  return [
    'bytes per step (bar: less than 1024 of heap, no array buffer)',
    table(
      ['setting', 'V', 'what', 'heap', 'array buffers', 'verdict'],
      heap.map((line) => [
        line.setting,
        `${line.vocabulary}`,
        line.contender,
        line.heap.toFixed(0),
        line.arrayBuffers.toFixed(0),
        line.pass ? 'PASS' : 'FAIL',
      ]),
    ),
    '\nmicroseconds of new Sampler({}, V)',
    table(
      ['V', 'first', 'later'],
      startup.map((line) => [`${line.vocabulary}`, figure(line.first), figure(line.later)]),
    ),
    kernel === undefined
      ? '\nkernel: none in this build'
      : `\nkernel: ${kernel.wasm} bytes of wasm, ${kernel.module} as a module, ${kernel.moduleGzipped} gzipped`,
    '\nmicroseconds of a token-only step and accept(), V 50257, top-k 40, by length of the history',
    table(
      ['edit', 'text', 'tokens', 'median', 'to the shortest'],
      history.map((line) => [
        line.edit,
        line.text,
        `${line.length}`,
        figure(line.median),
        figure(line.ratio),
      ]),
    ),
  ].join('\n');
}
