/** Keeps what comes until it is taken, in order. */
export class Inbox<T> {
  readonly #waiting: T[] = [];
  #wake = () => {};

  put(item: T): void {
    this.#waiting.push(item);
    this.#wake();
  }

  /** The oldest, as soon as there is one. */
  async take(): Promise<T> {
    while (this.#waiting.length === 0)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    return this.#waiting.shift()!;
  }
}
