import { quantile } from '../interleave.ts';

/** The middle one of many values, one near their upper end, and the largest. */
export interface Spread {
  readonly median: number;
  readonly p95: number;
  readonly worst: number;
}

/** Several quantities of one question. */
export interface Row {
  readonly name: string;
  readonly model: string;
  /** Under what circumstances. */
  readonly at: string;
  readonly unit: string;
  readonly quantities: Readonly<Record<string, Spread>>;
}

export function spread(values: readonly number[]): Spread {
  const [median, p95, worst] = [0.5, 0.95, 1].map((part) => quantile(values, part));
  return { median: median!, p95: p95!, worst: worst! };
}

/** What is told to every experiment. */
export interface Plan {
  readonly threads: number;
  readonly rounds: number;
  /** A smaller model and less of everything, to see that all of it runs. */
  readonly quick: boolean;
}
