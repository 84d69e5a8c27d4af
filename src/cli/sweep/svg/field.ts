import type { Outcome } from '../outcome.ts';
import { type Extent, extentOf } from '../ticks.ts';

/** Where the plot is in the drawing. */
export const EDGES = { left: 76, right: 736, top: 64, bottom: 440 };

/** The plane of diversity, to the right, and coherence, upwards. */
export class Field {
  readonly x: Extent;
  readonly y: Extent;

  /** Shows all intervals, and the reference. */
  constructor({ settings, reference }: Pick<Outcome, 'settings' | 'reference'>) {
    const others = reference ? [reference] : [];
    const valuesOf = (name: 'diversity' | 'coherence') => [
      ...settings.flatMap(({ [name]: { low, high } }) => [low, high]),
      ...others.map(({ [name]: value }) => value),
    ];
    this.x = extentOf(valuesOf('diversity'), 7);
    this.y = extentOf(valuesOf('coherence'), 6);
  }

  right(diversity: number): number {
    return scale(diversity, this.x, EDGES.left, EDGES.right);
  }

  up(coherence: number): number {
    return scale(coherence, this.y, EDGES.bottom, EDGES.top);
  }
}

const scale = (value: number, { from, to }: Extent, first: number, last: number) =>
  first + ((value - from) / (to - from)) * (last - first);
