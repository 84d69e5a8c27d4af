/** The longest phrase whose repetition is looked for, in tokens. */
const LONGEST = 90;
/** Shorter phrases count as a loop only if they come more often than {@link OFTEN} times. */
const PHRASE = 3;
const OFTEN = 50;

/** The end of a text says the same again and again. */
export interface Loop {
  /** How many tokens the repeated phrase has. */
  readonly period: number;
  /** How many times it stands at the end of the text, one after the other. */
  readonly repeats: number;
}

/**
 * Finds out whether a text has got stuck, token by token, with the last one to take back: by the
 * rule of Holtzman et al. 2019 (degen, `metrics/repetition.py`). Of all phrases of up to 90
 * tokens at the end of the text, the one repeated most often (the shortest of equals) is a loop
 * if it comes twice and has at least 3 tokens, or comes more than 50 times.
 */
export class Loops {
  readonly #tokens: number[] = [];
  /** For each period: how many tokens at the end equal the one a period before. */
  readonly #runs = new Int32Array(LONGEST + 1);
  /** Runs that a token has ended, period and length in turn, and where each token's begin. */
  readonly #ended: number[] = [];
  readonly #marks: number[] = [];

  push(token: number): void {
    const place = this.#tokens.push(token) - 1;
    this.#marks.push(this.#ended.length);
    for (let period = 1; period <= LONGEST && period <= place; period++) {
      if (this.#tokens[place - period] === token) this.#runs[period]++;
      else if (this.#runs[period] > 0) {
        this.#ended.push(period, this.#runs[period]);
        this.#runs[period] = 0;
      }
    }
  }

  pop(): void {
    this.#tokens.pop();
    for (let period = 1; period <= LONGEST; period++)
      if (this.#runs[period] > 0) this.#runs[period]--;
    const mark = this.#marks.pop()!;
    while (this.#ended.length > mark) {
      const run = this.#ended.pop()!;
      this.#runs[this.#ended.pop()!] = run;
    }
  }

  get loop(): Loop | undefined {
    let period = 0;
    let repeats = 1;
    for (let n = 1; n <= LONGEST; n++) {
      const times = 1 + Math.floor(this.#runs[n] / n);
      if (times > repeats) {
        period = n;
        repeats = times;
      }
    }
    const stuck = period >= PHRASE || repeats > OFTEN;
    return period > 0 && stuck ? { period, repeats } : undefined;
  }
}
