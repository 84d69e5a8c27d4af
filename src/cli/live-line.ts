import { clearLine, cursorTo } from 'node:readline';
import { say } from './streams.ts';

const REDRAWN_MS = 100;

/** A line on stderr that tells how far work is, drawn again and again; only a terminal has it. */
export class LiveLine {
  readonly #stream: typeof process.stderr;
  readonly isLive: boolean;
  #drawn = performance.now();
  #isShown = false;

  constructor(stream = process.stderr) {
    this.#stream = stream;
    this.isLive = Boolean(stream.isTTY) && process.env.TERM !== 'dumb';
  }

  /** Draws it, but not more often than can be read. */
  draw(text: string): void {
    const now = performance.now();
    if (!this.isLive || now - this.#drawn < REDRAWN_MS) return;
    this.#drawn = now;
    this.clear();
    this.#isShown = true;
    // A line that wraps could not be drawn again.
    say(text.slice(0, this.#stream.columns - 1), this.#stream);
  }

  /** Makes room for what comes next. */
  clear(): void {
    if (!this.#isShown) return;
    this.#isShown = false;
    cursorTo(this.#stream, 0);
    clearLine(this.#stream, 0);
  }
}
