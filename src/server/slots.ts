import { HttpError } from './http-error.ts';

interface Waiting {
  go(): void;
}

/**
 * How many texts are written at once, and how many may wait for their turn. First come, first
 * served; a request that would find the queue full is sent away at once.
 */
export class Slots {
  readonly #size: number;
  readonly #queue: number;
  readonly #waiting = new Set<Waiting>();
  #active = 0;
  /** The texts of all requests that were let in. */
  #inside = 0;
  /** How long a slot is held, in milliseconds: a moving average. */
  #held = 1000;

  /**
   * @param size texts at once, ≥ 1
   * @param queue most texts that wait, ≥ 0
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

  /**
   * Lets a request in, if its texts can be written or wait; one alone always can.
   *
   * @returns tells that it has gone
   * @throws HttpError 429
   */
  enter(texts: number): () => void {
    if (this.#inside > 0 && this.#inside + texts > this.#size + this.#queue) throw this.#full();
    this.#inside += texts;
    return () => {
      this.#inside -= texts;
    };
  }

  #full(): HttpError {
    const seconds = Math.ceil((this.#held * (this.waiting + 1)) / this.#size / 1000);
    const after = Math.min(60, Math.max(1, seconds));
    return new HttpError(
      429,
      'rate_limit_error',
      `${this.active} texts are being written and ${this.waiting} wait; come back in ${after} s`,
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
