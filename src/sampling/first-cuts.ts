import type { Kept } from './engine.ts';
import { Few } from './few.ts';
import type { Raw } from './raw.ts';
import type { Row } from './row.ts';

/** The first token that a stage cut. */
export interface FirstCut {
  readonly token: number;
  readonly cutBy: string;
}

/** Finds of each stage's cut the token that the model itself found likeliest. */
export class FirstCuts {
  /** In chain order. */
  readonly found: FirstCut[] = [];
  readonly #raw: Raw;
  readonly #given: Row;
  /** By id, how many cuts a token has survived. */
  readonly #survived: Uint8Array;
  /** The tokens that survived them all, once they are few. */
  #listed: Int32Array | undefined;

  constructor(raw: Raw, given: Row) {
    this.#raw = raw;
    this.#given = given;
    this.#survived = new Uint8Array(given.vocabulary);
  }

  /** Takes note of a cut of at least one token. O(V), or of the tokens before it if they were few. */
  note(cutBy: string, left: Row | Kept): void {
    const cuts = this.found.length;
    let token: number;
    if (left instanceof Few) {
      const listed = left.ids.slice(0, left.count);
      for (const id of listed) this.#survived[id] = cuts + 1;
      token = this.#listed
        ? this.#likeliestOf(this.#listed, cuts)
        : this.#likeliest(cuts, this.#given.values, Infinity);
      this.#listed = listed;
    } else token = this.#likeliest(cuts, left.signs.values, left.signs.above);
    this.found.push({ token, cutBy });
  }

  #likeliestOf(ids: Int32Array, cuts: number): number {
    const raw = this.#raw;
    return ids
      .filter((id) => this.#survived[id] === cuts)
      .reduce((first, id) => {
        const difference = raw.probability(id) - raw.probability(first) || first - id;
        return difference > 0 ? id : first;
      });
  }

  /**
   * The likeliest of the tokens that survived so many cuts and not this one; of equals the lowest.
   *
   * @param signs who survives this one: a token whose entry is above a bound
   */
  #likeliest(cuts: number, signs: Float32Array, above: number): number {
    const survived = this.#survived;
    const { values } = this.#given;
    let first = -1;
    let most = -1;
    let score = Number.NaN;
    for (let id = 0; id < survived.length; id++) {
      if (survived[id] !== cuts) continue;
      if (signs[id] > above) {
        survived[id] = cuts + 1;
        continue;
      }
      if (values[id] <= score) continue;
      const p = this.#raw.probability(id);
      // A larger logit may still be as likely in Float64.
      if (p <= most) continue;
      first = id;
      most = p;
      score = values[id];
    }
    return first;
  }
}
