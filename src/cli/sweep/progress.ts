import { LiveLine } from '../live-line.ts';
import { say } from '../streams.ts';

const SAID_MS = 10_000;

/** Tells how far a sweep is: in a terminal in a live line, elsewhere in a line now and then. */
export class Progress {
  readonly #total: number;
  readonly #line = new LiveLine();
  readonly #started = performance.now();
  #said = this.#started;
  #done = 0;
  #tokens = 0;

  constructor(total: number) {
    this.#total = total;
  }

  /** One more text, of so many tokens. */
  add(tokens: number): void {
    this.#done += 1;
    this.#tokens += tokens;
    if (this.#line.isLive) {
      this.#line.draw(this.#text());
      return;
    }
    const now = performance.now();
    if (now - this.#said < SAID_MS) return;
    this.#said = now;
    say(`${this.#text()}\n`);
  }

  /** Makes room for what comes next, and tells how much was done. */
  end(seed: number): void {
    this.#line.clear();
    const seconds = ((performance.now() - this.#started) / 1000).toFixed(1);
    const count = this.#done === 1 ? '1 text' : `${this.#done} texts`;
    say(`${count}, ${this.#tokens} tokens in ${seconds} s, seed ${seed}\n`);
  }

  #text(): string {
    const seconds = (performance.now() - this.#started) / 1000;
    const left = Math.ceil((seconds / this.#done) * (this.#total - this.#done));
    const rate = Math.round(this.#tokens / seconds);
    return `${this.#done} of ${this.#total} texts, about ${duration(left)} left, ${rate} tokens/s`;
  }
}

const duration = (seconds: number) =>
  seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
