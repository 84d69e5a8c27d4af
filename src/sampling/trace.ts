import type { Kept } from './engine.ts';
import type { Raw } from './raw.ts';
import type { Row } from './row.ts';

/** What one stage removed. */
export interface Cut {
  /** The stage: a name as in `order`, or 'model' for tokens whose logit is −Infinity. */
  readonly name: string;
  /** How many tokens it removed. */
  readonly tokens: number;
  /** How much raw probability they had. */
  readonly mass: number;
}

/** Follows a row through a chain and notes who removes what. */
export class Trace {
  /** Every filter in chain order, and any other stage that removed a token. */
  readonly cuts: Cut[] = [];
  /** Raw probability of what is left. */
  keptMass = 1;
  readonly #raw: Raw;
  readonly #watched: ArrayLike<number>;
  readonly #cutters = new Map<number, string>();
  #count: number;

  /** @param watched ids of the tokens whose cutter is wanted */
  constructor(raw: Raw, given: Row, watched: ArrayLike<number>) {
    this.#raw = raw;
    this.#watched = watched;
    this.#count = given.vocabulary;
    const isAlive = (id: number) => given.values[id] > -Infinity;
    this.#note('model', false, given.alive, () => 1, isAlive);
  }

  /** Who removed a watched token; undefined if nobody did. */
  cutterOf(id: number): string | undefined {
    return this.#cutters.get(id);
  }

  afterEdit(name: string, row: Row): void {
    const mass = () => this.#raw.share(row.at, -Infinity);
    this.#note(name, false, row.alive, mass, (id) => row.values[id] > -Infinity);
  }

  after({ name, kind }: { name: string; kind: string }, kept: Kept): void {
    const mass = () => kept.rawMass(this.#raw);
    this.#note(name, kind === 'filter', kept.count, mass, (id) => kept.has(id));
  }

  #note(
    name: string,
    always: boolean,
    count: number,
    mass: () => number,
    isLeft: (id: number) => boolean,
  ): void {
    const tokens = this.#count - count;
    if (tokens === 0 && !always) return;
    const left = tokens === 0 ? this.keptMass : Math.min(this.keptMass, mass());
    this.cuts.push({ name, tokens, mass: this.keptMass - left });
    this.#count = count;
    this.keptMass = left;
    if (tokens === 0) return;
    for (let i = 0; i < this.#watched.length; i++) {
      const id = this.#watched[i];
      if (!this.#cutters.has(id) && !isLeft(id)) this.#cutters.set(id, name);
    }
  }
}
