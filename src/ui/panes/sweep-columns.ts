import type { Glyphs } from '../line.ts';
import { textWidth } from '../terminal/width.ts';
import { numberText } from './numbers.ts';
import { spell } from './spell.ts';

/** A mean and the ends of its confidence interval. */
interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface SweepRow {
  readonly label: string;
  readonly diversity: Estimate;
  readonly coherence: Estimate;
  /** The share of repeated n-grams, in [0, 1]. */
  readonly repetition: number;
  /** How many of the texts got caught in a loop. */
  readonly loops: number;
  /** How one of its texts begins. */
  readonly example: string;
}

interface Column {
  readonly title: string;
  readonly width: number;
  text(row: SweepRow): string;
}

/** Below how many cells the columns are short. */
const SLIM = 30;
const NARROW = 9;
const INTERVAL = 21;

/** The columns of a table of so many cells: the first of these that have room. */
export function columnsFor(width: number, rows: readonly SweepRow[], glyphs: Glyphs): Column[] {
  if (width < SLIM) return SLIM_COLUMNS;
  const labels = rows.map(({ label }) => textWidth(spell(label, glyphs)) + 1);
  const label = Math.min(20, Math.max(8, ...labels));
  const hasIntervals = width >= label + 2 * INTERVAL + 16;
  const estimate = hasIntervals ? INTERVAL : NARROW + 1;
  const text = ({ mean, low, high }: Estimate) => {
    const around = hasIntervals ? ` (${numberText(low)}…${numberText(high)})` : '';
    return numberText(mean) + around;
  };
  const columns: Column[] = [
    { title: 'setting', width: label, text: ({ label }) => label },
    { title: 'diversity', width: estimate, text: ({ diversity }) => text(diversity) },
    { title: 'coherence', width: estimate, text: ({ coherence }) => text(coherence) },
    {
      title: 'repeats',
      width: NARROW,
      text: ({ repetition }) => `${numberText(100 * repetition, repetition < 0.1 ? 1 : 0)}%`,
    },
    { title: 'loops', width: 7, text: ({ loops }) => numberText(loops, 0) },
  ];
  let left = width - 2;
  return columns.filter(({ width }, i) => {
    left -= width;
    return i === 0 || left >= 0;
  });
}

const SLIM_COLUMNS: Column[] = [
  { title: 'set', width: 5, text: ({ label }) => label },
  { title: 'div', width: 5, text: ({ diversity }) => numberText(diversity.mean) },
  { title: 'coh', width: 7, text: ({ coherence }) => numberText(coherence.mean) },
];
