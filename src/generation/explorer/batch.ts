import type { Written } from './view.ts';

/** Tokens that come faster are sent together. */
const REPORT_MS = 10;

/** Gathers tokens that come fast, so that there are not more messages than can be seen. */
export class Batch {
  readonly #send: (entries: readonly Written[]) => void;
  #entries: Written[] = [];
  #sent = 0;

  constructor(send: (entries: readonly Written[]) => void) {
    this.#send = send;
  }

  /** @returns whether it was sent, with those before it */
  add(entry: Written): boolean {
    this.#entries.push(entry);
    // A slow token waits for nobody.
    const isDue = performance.now() - this.#sent >= REPORT_MS;
    if (isDue) this.flush();
    return isDue;
  }

  flush(): void {
    if (this.#entries.length > 0) this.#send(this.#entries);
    this.#entries = [];
    this.#sent = performance.now();
  }
}
