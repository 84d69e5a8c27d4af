/** The longest a timer can be set for, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/** Keeps to a pace of so many a second, which may be changed at any time. */
export class Pacer {
  #pace = Number.POSITIVE_INFINITY;
  #next = 0;
  #wake = (_isTurn: boolean) => {};

  set pace(pace: number) {
    this.#pace = pace;
    this.#next = 0;
    this.#wake(true);
  }

  /** Who waits loses its turn. */
  interrupt(): void {
    this.#wake(false);
  }

  /** Waits until it is time for the next one, or until it is interrupted. */
  async turn(): Promise<void> {
    const wait = this.#next - performance.now();
    if (wait > 0) {
      const isTurn = await new Promise<boolean>((resolve) => {
        const timer = setTimeout(resolve, Math.min(wait, LONGEST), true);
        this.#wake = (isTurn) => {
          clearTimeout(timer);
          resolve(isTurn);
        };
      });
      if (!isTurn) return;
    }
    this.#next = Math.max(this.#next, performance.now() - 1000 / this.#pace) + 1000 / this.#pace;
  }
}
