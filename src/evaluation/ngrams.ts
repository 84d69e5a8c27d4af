import { LARGEST_VOCABULARY } from '../sampling/keys.ts';

/**
 * How many of a text's n-grams are different, token by token, with the last one to take back.
 * An n-gram is known by the number of the (n−1)-gram before its last token, and that token: no
 * two share a number, and a step costs O(1) whatever n.
 */
export class Ngrams {
  readonly #size: number;
  readonly #window: number;
  /** From (n−1)-gram and token to the number of their n-gram. */
  readonly #numbers = new Map<number, number>();
  readonly #keys: number[] = [];
  /** How often each n-gram is in the text, and how often in the window. */
  readonly #uses: number[] = [];
  readonly #counts: number[] = [];
  /** The number of the n-gram that ends at each token; −1 where the text is too short for one. */
  readonly #text: number[] = [];
  #distinct = 0;

  constructor(size: number, window: number) {
    this.#size = size;
    this.#window = window;
  }

  /** Different ones / all that lie in the window; 1 where none does, as nothing is repeated. */
  get distinctness(): number {
    const total = Math.min(this.#text.length, this.#window) - this.#size + 1;
    return total > 0 ? this.#distinct / total : 1;
  }

  /**
   * @param prefix number of the (n−1)-gram that ends before the token: −1 if there is none, 0 for
   * n = 1
   * @returns the number of the n-gram that ends with it, or −1
   */
  push(prefix: number, token: number): number {
    const number = prefix < 0 ? -1 : this.#numberOf(prefix * LARGEST_VOCABULARY + token);
    this.#text.push(number);
    if (number < 0) return number;
    this.#uses[number]++;
    if (this.#counts[number]++ === 0) this.#distinct++;
    const left = this.#leaving();
    if (left >= 0 && --this.#counts[left] === 0) this.#distinct--;
    return number;
  }

  pop(): void {
    const left = this.#leaving();
    const number = this.#text.pop()!;
    if (number < 0) return;
    if (left >= 0 && this.#counts[left]++ === 0) this.#distinct++;
    if (--this.#counts[number] === 0) this.#distinct--;
    if (--this.#uses[number] > 0) return;
    // Used first by this token, so it is the newest.
    this.#numbers.delete(this.#keys.pop()!);
    this.#uses.pop();
    this.#counts.pop();
  }

  /** The number of the n-gram that ends with the last token but so many; −1 if there is none. */
  last(before = 0): number {
    return this.#text[this.#text.length - 1 - before] ?? -1;
  }

  /** What the last token's n-gram has pushed out of the window; −1 if nothing. */
  #leaving(): number {
    return this.last(this.#window - this.#size + 1);
  }

  #numberOf(key: number): number {
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.#keys.push(key) - 1;
    this.#numbers.set(key, number);
    this.#uses.push(0);
    this.#counts.push(0);
    return number;
  }
}
