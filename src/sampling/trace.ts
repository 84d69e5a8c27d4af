import type { Kept } from './engine.ts';
import type { FirstCuts } from './first-cuts.ts';
import type { Raw } from './raw.ts';
import type { Row } from './row.ts';
import type { Watcher } from './watcher.ts';

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
export class Trace implements Watcher {
  /** Every filter in chain order, and any other stage that removed a token. */
  readonly cuts: Cut[] = [];
  /** Raw probability of what is left. */
  keptMass = 1;
  /** Ids of the tokens whose cutter is wanted, and for each who removed it, if anybody did. */
  readonly watched: readonly number[];
  readonly cutters: (string | undefined)[];
  readonly firstCuts: FirstCuts | undefined;
  readonly #raw: Raw;
  #count: number;

  /** @param firstCuts told of each cut, if the tokens at the edges are wanted */
  constructor(raw: Raw, given: Row, watched: readonly number[], firstCuts?: FirstCuts) {
    this.watched = watched;
    this.firstCuts = firstCuts;
    this.cutters = watched.map(() => undefined);
    this.#raw = raw;
    this.#count = given.vocabulary;
    if (given.alive < given.vocabulary) this.#note('model', given.alive, 1, given);
  }

  afterEdit(name: string, row: Row): void {
    if (row.alive < this.#count)
      this.#note(name, row.alive, this.#raw.share(row.at, -Infinity), row);
  }

  after({ name, kind }: { name: string; kind: string }, kept: Kept): void {
    if (kept.count < this.#count) this.#note(name, kept.count, kept.rawMass(this.#raw), kept);
    else if (kind === 'filter') this.cuts.push({ name, tokens: 0, mass: 0 });
  }

  #note(name: string, count: number, mass: number, left: Row | Kept): void {
    const keptMass = Math.min(this.keptMass, mass);
    this.cuts.push({ name, tokens: this.#count - count, mass: this.keptMass - keptMass });
    this.#count = count;
    this.keptMass = keptMass;
    for (let i = 0; i < this.watched.length; i++)
      if (this.cutters[i] === undefined && !left.has(this.watched[i])) this.cutters[i] = name;
    this.firstCuts?.note(name, left);
  }
}
