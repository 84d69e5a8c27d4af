/** Keeps to a pace of so many a second, which may be changed at any time. */
export class Pacer {
  #pace = Number.POSITIVE_INFINITY;
  #next = 0;
  #wake = () => {};

  set pace(pace: number) {
    this.#pace = pace;
    this.#next = 0;
    this.#wake();
  }

  /** Waits no longer. */
  interrupt(): void {
    this.#wake();
  }

  /** Waits until it is time for the next one, or until it is interrupted. */
  async turn(): Promise<void> {
    const wait = this.#next - performance.now();
    if (wait > 0)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, wait);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    this.#next = Math.max(this.#next, performance.now() - 1000 / this.#pace) + 1000 / this.#pace;
  }
}
