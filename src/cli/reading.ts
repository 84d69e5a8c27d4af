import { clearLine, cursorTo } from 'node:readline';
import { say } from './streams.ts';

const REDRAWN_MS = 100;

/** Tells a terminal how much of a text has been read, in a line that is drawn again. */
export class Reading {
  readonly #stream: typeof process.stderr;
  readonly #isLive: boolean;
  #told = performance.now();
  #isShown = false;

  constructor(stream = process.stderr) {
    this.#stream = stream;
    this.#isLive = Boolean(stream.isTTY) && process.env.TERM !== 'dumb';
  }

  at(read: number, total: number): void {
    const now = performance.now();
    if (!this.#isLive || now - this.#told < REDRAWN_MS) return;
    this.#told = now;
    this.end();
    this.#isShown = true;
    say(`${read} of ${total} tokens`, this.#stream);
  }

  /** Makes room for what comes next. */
  end(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    cursorTo(this.#stream, 0);
    clearLine(this.#stream, 0);
  }
}
