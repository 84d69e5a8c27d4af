/**
 * The mean of the last of some numbers, where numbers can be taken back. Sums up to each number
 * are kept, as what was added to a sum cannot be subtracted from it without a trace.
 */
export class PrefixSums {
  readonly #sums: number[] = [0];
  /** How many were given up to each place: of some tokens a number may not be known. */
  readonly #counts: number[] = [0];

  push(value: number | undefined): void {
    this.#sums.push(this.#sums.at(-1)! + (value ?? 0));
    this.#counts.push(this.#counts.at(-1)! + (value === undefined ? 0 : 1));
  }

  pop(): void {
    this.#sums.pop();
    this.#counts.pop();
  }

  /** The mean of those known among the last of so many; undefined where none is. */
  mean(window: number): number | undefined {
    const last = this.#sums.length - 1;
    const first = Math.max(0, last - window);
    const count = this.#counts[last] - this.#counts[first];
    return count === 0 ? undefined : (this.#sums[last] - this.#sums[first]) / count;
  }
}
