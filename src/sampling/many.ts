import { keepClosest } from './closest.ts';
import { crossing, NOBODY } from './crossing.ts';
import { FEW, type Few } from './few.ts';
import { nextUp, roundUp } from './float32.ts';
import { idOf } from './keys.ts';
import type { Limit } from './limit.ts';
import type { Raw } from './raw.ts';
import { reach } from './reach.ts';
import { LOWEST, type Row } from './row.ts';
import type { Statistics } from './stage.ts';
import { Weights } from './weights.ts';
import type { Workspace } from './workspace.ts';

/** The runs of largest tokens a limit is tried on. */
const HEADS = [64, FEW];

/** More than {@link FEW} tokens, weighed and cut in place by the kernel. */
export class Many extends Weights implements Statistics {
  readonly #few: Few;

  /** @param few where the tokens go when few are left */
  constructor(workspace: Workspace, raw: Raw, few: Few) {
    super(workspace, raw);
    this.#few = few;
  }

  /** Takes all tokens of a scanned row. */
  begin(row: Row, temperature = 1): Few | this {
    this.take(row, temperature);
    return this.#orFew();
  }

  reweigh(temperature: number): Few | this {
    if (temperature === 0) return this.#list(1).reweigh(0);
    if (this.isCut) return this.#settle(temperature);
    this.temper(temperature);
    return this;
  }

  likeliest(n: number): Float64Array {
    const { weights } = this.#list(Math.min(n, FEW));
    return weights.slice(0, Math.min(n, FEW)).map((weight) => weight / this.total);
  }

  limit(limit: Limit, floor: number): Few | this {
    if (floor >= this.count) return this;
    if (limit.kind === 'count') return this.#keepFirst(Math.max(limit.count, floor));
    if (limit.kind === 'exponent') return this.#keepAbove(this.#lowest(limit.exponent), floor);
    if (limit.kind === 'distance') return this.#keepAbove(this.row.max - limit.distance, floor);
    if (limit.kind === 'below') return this.#keepBelow(this.#lowest(limit.exponent), floor);
    if (limit.kind === 'near') {
      this.weigh();
      keepClosest(this, this.workspace, limit, floor);
      return this.#settle(this.temperature);
    }
    return this.#keepRun(limit, floor);
  }

  /** The score at an exponent. */
  #lowest(exponent: number): number {
    // Added to the largest score, the least excess might be lost to rounding.
    if (exponent > 0) return Infinity;
    return this.temperature < Infinity ? this.row.max + exponent * this.temperature : LOWEST;
  }

  #keepAbove(score: number, floor: number): Few | this {
    const low = Math.max(LOWEST, roundUp(score));
    const above = this.row.count(low);
    if (above >= this.count) return this;
    const n = Math.max(above, floor);
    return n <= FEW || n > above ? this.#keepFirst(n) : this.#cutBelow(low);
  }

  #keepFirst(n: number): Few | this {
    if (n >= this.count) return this;
    if (n <= FEW) return this.#list(n);
    return this.#cutBehind(this.row.nthLargest(n, this.workspace.keys));
  }

  #keepRun(limit: Extract<Limit, { kind: 'mass' | 'entropy' }>, floor: number): Few | this {
    const { total } = this;
    // In a short row the lower bound of so many would be the lowest logit of all.
    const heads = this.row.length / this.row.block >= 2 * FEW ? HEADS.length : 1;
    for (let i = 0; i < heads; i++) {
      const size = HEADS[i];
      const head = this.#list(size);
      const n = reach(head, limit, total, 1);
      if (n !== undefined) return n < floor ? this.#keepFirst(floor) : head.shorten(n);
      // No token behind the head weighs more than its last.
      const most = head.total + (FEW - size) * head.weights[size - 1];
      if (limit.kind === 'mass' && most < limit.mass * total) break;
    }
    this.weigh();
    const last = crossing(this, this.workspace, limit);
    if (last === NOBODY) return this;
    if (floor <= HEADS[0]) return this.#cutBehind(last);
    const least = this.row.nthLargest(floor, this.workspace.keys);
    return this.#cutBehind(this.row.isBefore(last, least) ? least : last);
  }

  #keepBelow(score: number, floor: number): Few | this {
    const above = Math.min(this.count, this.row.count(Math.max(LOWEST, roundUp(score))));
    if (above < 2 || this.count - (above - 1) < floor) return this;
    this.weigh();
    const { keys, weights } = this.workspace;
    this.row.largest(above, keys);
    for (let i = 0; i < above - 1; i++) weights[idOf(keys[i])] = 0;
    return this.#settle(this.temperature);
  }

  /** The n largest as a list. */
  #list(n: number): Few {
    return this.#few.list(this.row, n, this.workspace.keys, this.temperature);
  }

  #orFew(): Few | this {
    return this.count <= FEW ? this.#list(this.count) : this;
  }

  /** Cuts every token ordered behind this one. */
  #cutBehind(last: number): Few | this {
    this.weigh();
    const { ids, weights } = this.workspace;
    const score = this.row.values[last];
    const equals = this.row.between(score, nextUp(score));
    for (let i = 0; i < equals; i++) if (ids[i] > last) weights[ids[i]] = 0;
    return this.#cutBelow(score);
  }

  #cutBelow(low: number): Few | this {
    this.keepFrom(low);
    return this.#orFew();
  }

  /** Begins anew with the tokens that have a weight, where the largest may be another one. */
  #settle(temperature: number): Few | this {
    const { given, edited, weights } = this.workspace;
    const { vocabulary } = this.row;
    if (this.row === given) edited.values.set(given.values.subarray(0, vocabulary));
    for (let id = 0; id < vocabulary; id++) if (weights[id] === 0) edited.values[id] = -Infinity;
    edited.scan(vocabulary);
    return this.begin(edited, temperature);
  }
}
