import { quantile } from '../interleave.ts';
import type { Cost } from './cost.ts';

/** Milliseconds or megabytes: the middle one of the rounds, the least and the most. */
export interface Quantity {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

export type Measure = keyof Cost;
export type Side = Readonly<Partial<Record<Measure, Quantity>>>;

/** Several sides of one question. */
export interface Row {
  readonly name: string;
  readonly model: string;
  /** At what length, where there are several. */
  readonly at: string;
  /** Of what the milliseconds are. */
  readonly per: string;
  readonly sides: Readonly<Record<string, Side>>;
}

/** What the rounds gave, brought together; `share` of each is counted. */
export function side(rounds: readonly Partial<Cost>[], share = 1): Side {
  const measures = Object.keys(rounds[0] ?? {}) as Measure[];
  return Object.fromEntries(
    measures.map((measure) => {
      const values = rounds.map((round) => round[measure]! * share);
      const [low, median, high] = [0, 0.5, 1].map((part) => quantile(values, part));
      return [measure, { median, low, high }];
    }),
  );
}
