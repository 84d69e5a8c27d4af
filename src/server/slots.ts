import { HttpError } from './http-error.ts';

interface Waiting {
  go(): void;
}

/**
 * How many texts are written at once, and how many requests may wait for their turn. First come,
 * first served; whoever would have to wait behind a full queue is sent away at once.
 */
export class Slots {
  readonly #size: number;
  readonly #queue: number;
  readonly #waiting = new Set<Waiting>();
  #active = 0;
  /** How long a slot is held, in milliseconds: a moving average. */
  #held = 1000;

  /**
   * @param size texts at once, ≥ 1
   * @param queue most that wait, ≥ 0
   */
  constructor(size: number, queue: number) {
    this.#size = size;
    this.#queue = queue;
  }

  get active(): number {
    return this.#active;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** @throws HttpError 429 where a request that came now would find the queue full */
  admit(): void {
    if (this.#active < this.#size || this.#waiting.size < this.#queue) return;
    const seconds = Math.ceil((this.#held * (this.#waiting.size + 1)) / this.#size / 1000);
    const after = Math.min(60, Math.max(1, seconds));
    throw new HttpError(
      429,
      'rate_limit_error',
      `${this.#active} texts are being written and ${this.#waiting.size} wait; come back in ${after} s`,
      { code: 'queue_full', headers: { 'retry-after': String(after) } },
    );
  }

  /**
   * Waits for a slot.
   *
   * @param signal gives the place in the queue up
   * @returns gives the slot back; may be called more than once
   * @throws the signal's reason
   */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#active < this.#size) this.#active += 1;
    else await this.#wait(signal);
    const since = performance.now();
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#held += (performance.now() - since - this.#held) / 8;
      const [next] = this.#waiting;
      // The slot goes from hand to hand, so that nobody can slip in between.
      if (next) next.go();
      else this.#active -= 1;
    };
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting.delete(waiting);
        signal.removeEventListener('abort', giveUp);
      };
      const giveUp = () => {
        leave();
        reject(signal.reason);
      };
      const waiting = {
        go: () => {
          leave();
          resolve();
        },
      };
      this.#waiting.add(waiting);
      signal.addEventListener('abort', giveUp);
    });
  }
}
