import { lowestAlike } from './alike.ts';
import type { Kept } from './engine.ts';
import { Few } from './few.ts';
import type { Raw } from './raw.ts';
import type { Row } from './row.ts';

/** The first token that a stage cut. */
export interface FirstCut {
  readonly token: number;
  readonly cutBy: string;
}

/** Finds of each stage's cut the token that the model itself found likeliest. O(V) per cut. */
export class FirstCuts {
  /** In chain order. */
  readonly found: FirstCut[] = [];
  readonly #raw: Raw;
  readonly #given: Row;
  /** By id, how many cuts a token has survived. */
  readonly #survived: Uint8Array;

  constructor(raw: Raw, given: Row) {
    this.#raw = raw;
    this.#given = given;
    this.#survived = new Uint8Array(given.vocabulary);
  }

  /** Takes note of a cut of at least one token. */
  note(cutBy: string, left: Row | Kept): void {
    const before = this.found.length;
    this.#mark(left, before + 1);
    this.found.push({ token: this.#likeliest(before), cutBy });
  }

  #mark(left: Row | Kept, cuts: number): void {
    const survived = this.#survived;
    if (left instanceof Few)
      for (let rank = 0; rank < left.count; rank++) survived[left.ids[rank]] = cuts;
    else for (let id = 0; id < survived.length; id++) if (left.has(id)) survived[id] = cuts;
  }

  /** The likeliest token that survived so many cuts and no more; of equals the lowest. */
  #likeliest(cuts: number): number {
    const survived = this.#survived;
    const { values } = this.#given;
    let highest = -Infinity;
    for (let id = 0; id < survived.length; id++)
      if (survived[id] === cuts && values[id] > highest) highest = values[id];
    const low = lowestAlike(this.#given, highest, 1);
    let first = -1;
    let score = Number.NaN;
    let most = -1;
    for (let id = 0; id < survived.length; id++) {
      if (survived[id] !== cuts || values[id] < low || values[id] === score) continue;
      const p = this.#raw.probability(id);
      if (p <= most) continue;
      first = id;
      score = values[id];
      most = p;
    }
    return first;
  }
}
