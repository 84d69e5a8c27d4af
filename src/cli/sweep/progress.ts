import { clearLine, cursorTo } from 'node:readline';
import { say } from '../streams.ts';

const REDRAWN_MS = 100;
const SAID_MS = 10_000;

/**
 * Tells how far a sweep is: in a terminal in one line that is drawn again, elsewhere in a line now
 * and then.
 */
export class Progress {
  readonly #total: number;
  readonly #stream: typeof process.stderr;
  readonly #isLive: boolean;
  readonly #started = performance.now();
  #told = this.#started;
  #done = 0;
  #tokens = 0;

  constructor(total: number, stream = process.stderr) {
    this.#total = total;
    this.#stream = stream;
    this.#isLive = Boolean(stream.isTTY) && process.env.TERM !== 'dumb';
  }

  /** One more text, of so many tokens. */
  add(tokens: number): void {
    this.#done += 1;
    this.#tokens += tokens;
    const now = performance.now();
    if (now - this.#told < (this.#isLive ? REDRAWN_MS : SAID_MS)) return;
    this.#told = now;
    if (this.#isLive) this.#clear();
    // A line that wraps could not be drawn again.
    const room = this.#stream.columns - 1;
    say(this.#isLive ? this.#text().slice(0, room) : `${this.#text()}\n`, this.#stream);
  }

  /** Makes room for what comes next, and tells how much was done. */
  end(seed: number): void {
    if (this.#isLive) this.#clear();
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(1);
    const count = this.#done === 1 ? '1 text' : `${this.#done} texts`;
    say(`${count}, ${this.#tokens} tokens in ${seconds} s, seed ${seed}\n`, this.#stream);
  }

  #text(): string {
    const seconds = (performance.now() - this.#started) / 1000;
    const left = Math.ceil((seconds / this.#done) * (this.#total - this.#done));
    const rate = Math.round(this.#tokens / seconds);
    return `${this.#done} of ${this.#total} texts, about ${duration(left)} left, ${rate} tokens/s`;
  }

  #clear(): void {
    cursorTo(this.#stream, 0);
    clearLine(this.#stream, 0);
  }
}

const duration = (seconds: number) =>
  seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
