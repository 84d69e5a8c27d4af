import { exp } from './exp.ts';
import { FEW } from './few.ts';
import { nextUp } from './float32.ts';
import { log } from './log.ts';
import type { Workspace } from './workspace.ts';

const SCALE = Math.fround(Math.LOG2E);

/** The model's own distribution: softmax at τ = 1 of the given row, before any edit. */
export class Raw {
  readonly #workspace: Workspace;
  /** Σ e^(z − max), NaN until known, and Σ w · ln w. */
  #total = Number.NaN;
  #moment = 0;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** Another row was loaded. */
  forget(): void {
    this.#total = Number.NaN;
  }

  /** A pass over the given row at τ = 1 was made for another reason. */
  learn(total: number, octaves: number): void {
    this.#total = total;
    this.#moment = octaves * Math.LN2;
  }

  get total(): number {
    if (Number.isNaN(this.#total)) this.#sum();
    return this.#total;
  }

  #sum(): void {
    const { given, results } = this.#workspace;
    const { max, vocabulary, values } = given;
    if (vocabulary > FEW) {
      this.learn(given.total(SCALE), results[0]);
      return;
    }
    this.#total = 0;
    this.#moment = 0;
    for (let id = 0; id < vocabulary; id++) {
      const exponent = values[id] - max;
      const weight = exp(exponent);
      this.#total += weight;
      if (weight > 0) this.#moment += weight * exponent;
    }
  }

  /** In nats. */
  get entropy(): number {
    return Math.max(0, log(this.total) - this.#moment / this.#total);
  }

  probability(id: number): number {
    return exp(this.#workspace.given.values[id] - this.#workspace.given.max) / this.total;
  }

  /** The probability of the first `count` of some tokens together. */
  mass(ids: Int32Array, count: number): number {
    const { values, max } = this.#workspace.given;
    let total = 0;
    for (let i = 0; i < count; i++) total += exp(values[ids[i]] - max);
    return total / this.total;
  }

  logProbability(id: number): number {
    return this.#workspace.given.values[id] - this.#workspace.given.max - log(this.total);
  }

  /** Its place, 1 = most likely; among equals by id. */
  rank(id: number): number {
    const { given, ids } = this.#workspace;
    const place = given.placeOf(id);
    if (place > 0) return place;
    const score = given.values[id];
    const likelier = given.count(nextUp(score));
    let rank = likelier + 1;
    if (given.count(score) === rank) return rank;
    const found = given.gather(score);
    for (let i = 0; i < found && ids[i] < id; i++) if (given.values[ids[i]] === score) rank++;
    return rank;
  }

  /**
   * The probability of the tokens whose entry in an array of the kernel's is above a bound.
   *
   * @param kept the array's address
   */
  share(kept: number, above: number): number {
    const { given, results } = this.#workspace;
    const total = given.share(kept, above, SCALE);
    const share = results[1] / total;
    if (Number.isNaN(this.#total) && given.vocabulary > FEW) this.learn(total, results[0]);
    return share;
  }
}
