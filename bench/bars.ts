import type { Cell } from './cell.ts';

/** A promise about the ratio of two contenders' medians. */
interface Bar {
  readonly of: string;
  readonly to: string;
  readonly most?: number;
  readonly least?: number;
  /** Where it is promised: these settings, from this vocabulary on. */
  readonly settings: string;
  readonly from: number;
}

const bars: readonly Bar[] = [
  { of: 'full', to: 'llama', most: 0.7, settings: 'S1', from: 32_000 },
  { of: 'full', to: 'llama', most: 0.2, settings: 'S2', from: 32_000 },
  { of: 'full', to: 'llama', most: 0.1, settings: 'S3', from: 32_000 },
  { of: 'xenova', to: 'full', least: 200, settings: 'S1', from: 32_000 },
  { of: 'hf', to: 'full', least: 3, settings: 'S1', from: 32_000 },
  { of: 'token', to: 'read', most: 3, settings: 'S1', from: 150_000 },
  { of: 'reference', to: 'full', least: 3.5, settings: 'S1 S2 S3', from: 0 },
];

/** The ratio of two contenders' medians; undefined if one of them did not run. */
export function ratio({ timings }: Cell, of: string, to: string): number | undefined {
  const above = timings[of]?.median;
  const below = timings[to]?.median;
  return above === undefined || below === undefined ? undefined : above / below;
}

export interface Verdict {
  /** Such as `full/llama`. */
  readonly ratio: string;
  /** Such as `≤ 0.7`. */
  readonly bar: string;
  readonly value: number;
  readonly pass: boolean;
}

/** The bars that hold for a cell, each with what was measured. */
export const judge = (cell: Cell): Verdict[] =>
  bars.flatMap(({ of, to, most, least, settings, from }) => {
    const value = ratio(cell, of, to);
    if (value === undefined || cell.vocabulary < from || !settings.includes(cell.setting))
      return [];
    return {
      ratio: `${of}/${to}`,
      bar: most === undefined ? `≥ ${least}` : `≤ ${most}`,
      value,
      pass: value <= (most ?? Infinity) && value >= (least ?? 0),
    };
  });
