import { clearLine, cursorTo } from 'node:readline';
import { bytesText } from './bytes-text.ts';
import { say } from './streams.ts';

const REDRAWN_MS = 100;
const SAID_MS = 10_000;

/**
 * Tells how far a download is: in a terminal in one line that is drawn again, elsewhere in a line
 * now and then.
 */
export class PullProgress {
  readonly #total: number;
  readonly #stream: typeof process.stderr;
  readonly #isLive: boolean;
  readonly #started = performance.now();
  #told = this.#started;
  #had = 0;
  #came = 0;

  constructor(total: number, stream = process.stderr) {
    this.#total = total;
    this.#stream = stream;
    this.#isLive = Boolean(stream.isTTY) && process.env.TERM !== 'dumb';
  }

  /** So many bytes were there before. */
  had(bytes: number): void {
    this.#had += bytes;
  }

  /** So many more came. */
  came(bytes: number): void {
    this.#came += bytes;
    const now = performance.now();
    if (now - this.#told < (this.#isLive ? REDRAWN_MS : SAID_MS)) return;
    this.#told = now;
    // A line that wraps could not be drawn again.
    const room = this.#stream.columns - 1;
    this.clear();
    say(this.#isLive ? this.#text().slice(0, room) : `${this.#text()}\n`, this.#stream);
  }

  /** Makes room for what comes next. */
  clear(): void {
    if (!this.#isLive) return;
    cursorTo(this.#stream, 0);
    clearLine(this.#stream, 0);
  }

  /** What was done, in words. */
  summary(): string {
    if (this.#came <= 0) return 'all of it was here\n';
    const seconds = (performance.now() - this.#started) / 1000;
    return `${bytesText(this.#came)} in ${seconds.toFixed(1)} s\n`;
  }

  #text(): string {
    const done = this.#had + this.#came;
    const rate = this.#came / ((performance.now() - this.#started) / 1000);
    const left = this.#came > 0 ? `, about ${duration((this.#total - done) / rate)} left` : '';
    const share = Math.floor((100 * done) / this.#total);
    return `${share} %, ${bytesText(done)} of ${bytesText(this.#total)}, ${bytesText(Math.max(0, rate))}/s${left}`;
  }
}

function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
