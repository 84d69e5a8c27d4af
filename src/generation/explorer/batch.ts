import type { Written } from './view.ts';

/** Tokens that come faster are sent together. */
const REPORT_MS = 10;

/** Gathers tokens that come fast, so that there are not more messages than can be seen. */
export class Batch {
  readonly #send: (entries: readonly Written[]) => void;
  #entries: Written[] = [];
  #sent = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (entries: readonly Written[]) => void) {
    this.#send = send;
  }

  /** @returns whether it was sent, with those before it */
  add(entry: Written): boolean {
    this.#entries.push(entry);
    // A slow token waits for nobody, and a fast one not for a slow one.
    const isDue = performance.now() - this.#sent >= REPORT_MS;
    if (isDue) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), REPORT_MS);
    return isDue;
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#entries.length > 0) this.#send(this.#entries);
    this.#entries = [];
    this.#sent = performance.now();
  }
}
