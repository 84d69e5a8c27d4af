import type { Kept } from './engine.ts';
import type { Row } from './row.ts';
import type { Watcher } from './watcher.ts';

/** Follows one token through a chain. */
export class Fate implements Watcher {
  readonly token: number;
  /** Its logit after the edits so far. */
  logit: number;
  /** Who cut it, if anybody did. */
  cutBy: string | undefined;

  constructor(given: Row, token: number) {
    this.token = token;
    this.logit = given.values[token];
    this.#look('model', given);
  }

  afterEdit(name: string, row: Row): void {
    this.logit = row.values[this.token];
    this.#look(name, row);
  }

  after({ name }: { readonly name: string }, kept: Kept): void {
    this.#look(name, kept);
  }

  #look(name: string, left: Row | Kept): void {
    if (this.cutBy === undefined && !left.has(this.token)) this.cutBy = name;
  }
}
