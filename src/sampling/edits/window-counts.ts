/** How often each token occurs among the latest ones, kept up to date token by token. */
export class WindowCounts {
  /** The distinct tokens of the window, in no order. */
  readonly tokens: number[] = [];
  /** By the same index, how often each occurs; ≥ 1. */
  readonly counts: number[] = [];
  readonly #places = new Map<number, number>();
  readonly #size: number;
  readonly #recent: number[] = [];
  #oldest = 0;

  /** @param size how many of the latest tokens count, ≥ 1; −1 = all */
  constructor(size: number) {
    this.#size = size;
  }

  push(token: number): void {
    const place = this.#places.get(token);
    if (place === undefined) {
      this.#places.set(token, this.tokens.length);
      this.tokens.push(token);
      this.counts.push(1);
    } else this.counts[place]++;
    if (this.#size !== -1) this.#slide(token);
  }

  #slide(token: number): void {
    if (this.#recent.length < this.#size) {
      this.#recent.push(token);
      return;
    }
    this.#drop(this.#recent[this.#oldest]);
    this.#recent[this.#oldest] = token;
    this.#oldest = (this.#oldest + 1) % this.#size;
  }

  #drop(token: number): void {
    const place = this.#places.get(token)!;
    if (--this.counts[place] > 0) return;
    // The last one moves into the gap.
    const [moved, count] = [this.tokens.pop()!, this.counts.pop()!];
    this.#places.delete(token);
    if (moved === token) return;
    this.tokens[place] = moved;
    this.counts[place] = count;
    this.#places.set(moved, place);
  }
}
