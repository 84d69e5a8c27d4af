import { tokensLeft } from '../../generation/sweep/tokens-left.ts';
import { LiveLine } from '../live-line.ts';
import { say } from '../streams.ts';

const SAID_MS = 10_000;
/** A process that has just begun is slower than it will be. */
const WARM_UP_MS = 1000;

/** Tells how far a sweep is: in a terminal in a live line, elsewhere in a line now and then. */
export class Progress {
  readonly #total: number;
  readonly #limit: number;
  readonly #line = new LiveLine();
  readonly #started = performance.now();
  #said = this.#started;
  #finished = 0;
  #tokens = 0;
  #written = 0;

  /**
   * @param total texts
   * @param limit the most tokens of one
   */
  constructor(total: number, limit: number) {
    this.#total = total;
    this.#limit = limit;
  }

  /** One more text, of so many tokens. */
  add(tokens: number): void {
    this.#finished += 1;
    this.#tokens += tokens;
  }

  /** So many tokens by now, those of unfinished texts included. */
  tell(written: number): void {
    this.#written = written;
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
    const count = this.#finished === 1 ? '1 text' : `${this.#finished} texts`;
    say(`${count}, ${this.#tokens} tokens in ${seconds} s, seed ${seed}\n`);
  }

  #text(): string {
    const total = this.#total;
    const finished = this.#finished;
    const elapsed = performance.now() - this.#started;
    const rate = (this.#written * 1000) / elapsed;
    const left = tokensLeft(this.#written, { total, finished, limit: this.#limit }) / rate;
    return [
      `${finished} of ${total} texts`,
      ...(finished > 0 || elapsed > WARM_UP_MS ? [`about ${duration(Math.ceil(left))} left`] : []),
      `${Math.round(rate)} tokens/s`,
    ].join(', ');
  }
}

const duration = (seconds: number) =>
  seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
