/**
 * Does some work when it was asked for, at most so often. For a moment after a key it does not
 * wait, as somebody is looking for its effect. Nothing runs while nothing is asked for.
 */
export class Pace {
  readonly #work: () => void;
  readonly #interval: number;
  #hurryUntil = Number.NEGATIVE_INFINITY;
  #last = Number.NEGATIVE_INFINITY;
  #due = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  /** @param perSecond how often the work is done at most, while nobody presses a key */
  constructor(work: () => void, perSecond: number) {
    this.#work = work;
    this.#interval = 1000 / perSecond;
  }

  /** Asks for the work to be done, soon; several requests are done at once. */
  request(): void {
    const now = performance.now();
    const interval = now < this.#hurryUntil ? QUICK_MS : this.#interval;
    const due = Math.max(now, this.#last + interval);
    if (due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => this.#run(), due - now);
  }

  /** Asks for it at once, and for what is asked for in the next moment too. */
  hurry(): void {
    this.#hurryUntil = performance.now() + MOMENT_MS;
    this.request();
  }

  /** Forgets what was asked for. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#due = Number.POSITIVE_INFINITY;
  }

  #run(): void {
    this.#due = Number.POSITIVE_INFINITY;
    this.#last = performance.now();
    this.#work();
  }
}

// A frame of a screen with 60 in a second.
const QUICK_MS = 16;
// A key may have to go to the model's thread and back before there is something new to see.
const MOMENT_MS = 250;
