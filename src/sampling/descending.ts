import { range } from './weighed.ts';

/**
 * Hands out 0 … count−1 in a given order, on demand: a heap built in O(count), then O(log count)
 * per element taken. So the k best of V cost O(V + k log V) without a sort of V, and a walk that
 * does not know beforehand how far it must go stops paying where it stops.
 */
export class Descending {
  readonly #before: (a: number, b: number) => boolean;
  readonly #heap: Int32Array;
  #size: number;

  /** @param before whether a comes out earlier than b: a strict total order */
  constructor(count: number, before: (a: number, b: number) => boolean) {
    this.#before = before;
    this.#heap = range(count);
    this.#size = count;
    for (let at = (count >> 1) - 1; at >= 0; at--) this.#sink(at);
  }

  /** The next element; undefined when all were taken. */
  next(): number | undefined {
    if (this.#size === 0) return undefined;
    const first = this.#heap[0];
    this.#heap[0] = this.#heap[--this.#size];
    this.#sink(0);
    return first;
  }

  /** The next n elements, or as many as are left. */
  take(n: number): Int32Array {
    const taken = new Int32Array(Math.min(n, this.#size));
    for (let i = 0; i < taken.length; i++) taken[i] = this.next()!;
    return taken;
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const moving = heap[from];
    let at = from;
    for (let child = 2 * at + 1; child < this.#size; child = 2 * at + 1) {
      if (child + 1 < this.#size && this.#before(heap[child + 1], heap[child])) child++;
      if (!this.#before(heap[child], moving)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = moving;
  }
}

/** Positions from the largest value down; among equals the lowest position first. */
export const largestFirst = (values: ArrayLike<number>): Descending =>
  new Descending(
    values.length,
    (a, b) => values[a] > values[b] || (values[a] === values[b] && a < b),
  );
