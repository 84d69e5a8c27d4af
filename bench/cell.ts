import { batchOf, type Contender } from './contender.ts';
import { kelvinForeign, kelvinFull, kelvinToken } from './contenders/kelvin.ts';
import { llama, llamaKept } from './contenders/llama.ts';
import { plainRead } from './contenders/read.ts';
import { plainReference } from './contenders/reference.ts';
import { interleave, type Timing } from './interleave.ts';
import { optionsOf, Sampler } from './kelvin.ts';
import type { NativeLibrary } from './native/library.ts';
import { rowsOf } from './rows.ts';
import type { Setting } from './settings.ts';

export type Make = (setting: Setting, vocabulary: number) => Contender;

/** All contenders at one vocabulary, setting and number of rows per step. */
export interface Cell {
  readonly setting: string;
  readonly vocabulary: number;
  readonly batch: number;
  /** By contender: microseconds per row. */
  readonly timings: Readonly<Record<string, Timing>>;
  /** How many tokens kelvin and llama.cpp keep of the same rows: that both do the same work. */
  readonly kept: { readonly kelvin: number[]; readonly llama: number[] };
}

const KEPT_ROWS = 4;

export async function measureCell(
  setting: Setting,
  vocabulary: number,
  batch: number,
  native: NativeLibrary | undefined,
  peers: readonly Make[],
): Promise<Cell> {
  const rows = rowsOf(vocabulary);
  const flat = new Float32Array(rows.length * vocabulary);
  for (const [i, row] of rows.entries()) flat.set(row, i * vocabulary);
  native?.rows(flat, rows.length, vocabulary);

  // Those that leave garbage or spinning threads behind come first, the pause after them.
  const makers: Make[] = [
    plainReference,
    ...peers,
    () => plainRead(native, vocabulary),
    kelvinToken,
    kelvinFull,
    kelvinForeign,
  ];
  if (native) {
    makers.push(
      () => llama(native, setting),
      () => llama(native, setting, true),
    );
  }
  const contenders = makers.map((make) =>
    batchOf(
      Array.from({ length: batch }, () => make(setting, vocabulary)),
      rows,
    ),
  );
  const timings = await interleave(contenders, rows);
  const sampler = new Sampler(optionsOf(setting));
  return {
    setting: setting.name,
    vocabulary,
    batch,
    timings: Object.fromEntries(
      [...timings].map(([name, timing]) => [name, perRow(timing, batch)]),
    ),
    kept: {
      kelvin: rows.slice(0, KEPT_ROWS).map((row) => sampler.sample(row, { step: 0 }).kept),
      llama: native ? llamaKept(native, setting, KEPT_ROWS) : [],
    },
  };
}

const perRow = ({ median, low, high, steps }: Timing, batch: number): Timing => ({
  median: median / batch,
  low: low / batch,
  high: high / batch,
  steps,
});
