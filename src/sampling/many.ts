import { keepClosest } from './closest.ts';
import { crossing, NOBODY } from './crossing.ts';
import { exp } from './exp.ts';
import { FEW, type Few } from './few.ts';
import { nextUp, roundUp } from './float32.ts';
import { idOf } from './keys.ts';
import type { Limit } from './limit.ts';
import { log } from './log.ts';
import type { Raw } from './raw.ts';
import { reach } from './reach.ts';
import { LOWEST, type Row } from './row.ts';
import type { Signs } from './signs.ts';
import type { Statistics } from './stage.ts';
import type { Workspace } from './workspace.ts';

/** The runs of largest tokens a limit is tried on. */
const HEADS = [64, FEW];
/** Where log2 e / τ is the largest Float32: what is below it counts as this. */
const COLDEST = Math.LOG2E / 3.4028234663852886e38;

/** More than {@link FEW} tokens, weighed in place by the kernel. */
export class Many implements Statistics {
  count = 0;
  temperature = 1;
  /** The row the tokens are in; those left have a finite score and, once weighed, a weight. */
  row: Row;
  /** Σ of the weights 2^((score − largest) · scale), and Σ weight · log2 weight. */
  #total = 0;
  #moment = 0;
  /** Whether the sums are known; whether the weights themselves are in the workspace. */
  #summed = false;
  #weighed = false;
  /** Whether the row before needed them: then they are written at once. Speed alone hangs on it. */
  #eager = false;
  /** Whether tokens with a finite score have gone: their weight is 0. */
  #cut = false;
  readonly #workspace: Workspace;
  readonly #raw: Raw;
  readonly #few: Few;

  /** @param few where the tokens go when few are left */
  constructor(workspace: Workspace, raw: Raw, few: Few) {
    this.#workspace = workspace;
    this.#raw = raw;
    this.#few = few;
    this.row = workspace.given;
  }

  /** Takes all tokens of a scanned row. */
  begin(row: Row, temperature = 1): Few | this {
    this.row = row;
    this.count = row.alive;
    this.temperature = Math.max(COLDEST, temperature);
    this.#eager = this.#weighed;
    this.#summed = false;
    this.#weighed = false;
    this.#cut = false;
    return this.#orFew();
  }

  reweigh(temperature: number): Few | this {
    if (temperature === 0) return this.#list(1).reweigh(0);
    if (this.#cut) return this.#settle(temperature);
    this.temperature = Math.max(COLDEST, temperature);
    this.#summed = false;
    this.#weighed = false;
    return this;
  }

  /** log2 e / τ, the factor from a distance in logits to an exponent of 2. */
  get scale(): number {
    return Math.fround(Math.LOG2E / this.temperature);
  }

  /** Σ of the weights, the largest token's being 1. */
  get total(): number {
    if (!this.#summed) this.#sum();
    return this.#total;
  }

  get topSurprisal(): number {
    return log(this.total);
  }

  get entropy(): number {
    return Math.max(0, log(this.total) - (this.#moment * Math.LN2) / this.#total);
  }

  get deviation(): number {
    const { values, max, vocabulary } = this.row;
    let sum = 0;
    let squares = 0;
    for (let id = 0; id < vocabulary; id++) {
      if (!this.has(id)) continue;
      const distance = values[id] - max;
      sum += distance;
      squares += distance * distance;
    }
    const mean = sum / this.count;
    return Math.sqrt(Math.max(0, squares / this.count - mean * mean));
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
      this.#weigh();
      keepClosest(this, this.#workspace, limit, floor);
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
    return this.#cutBehind(this.row.nthLargest(n, this.#workspace.keys));
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
    this.#weigh();
    const last = crossing(this, this.#workspace, limit);
    if (last === NOBODY) return this;
    if (floor <= HEADS[0]) return this.#cutBehind(last);
    const least = this.row.nthLargest(floor, this.#workspace.keys);
    return this.#cutBehind(this.row.isBefore(last, least) ? least : last);
  }

  #keepBelow(score: number, floor: number): Few | this {
    const above = Math.min(this.count, this.row.count(Math.max(LOWEST, roundUp(score))));
    if (above < 2 || this.count - (above - 1) < floor) return this;
    this.#weigh();
    const { keys, weights } = this.#workspace;
    this.row.largest(above, keys);
    for (let i = 0; i < above - 1; i++) weights[idOf(keys[i])] = 0;
    return this.#settle(this.temperature);
  }

  /** The n largest as a list. */
  #list(n: number): Few {
    return this.#few.list(this.row, n, this.#workspace.keys, this.temperature);
  }

  #orFew(): Few | this {
    return this.count <= FEW ? this.#list(this.count) : this;
  }

  #sum(): void {
    if (this.#eager) {
      this.#weigh();
      return;
    }
    this.#learn(this.row.total(this.scale));
  }

  #weigh(): void {
    if (this.#weighed) return;
    this.#learn(this.row.weigh(this.scale));
    this.#weighed = true;
  }

  #learn(total: number): void {
    this.#total = total;
    this.#moment = this.#workspace.results[0];
    this.#summed = true;
    const isRaw = this.row === this.#workspace.given && this.temperature === 1;
    if (isRaw) this.#raw.learn(total, this.#moment);
  }

  /** Cuts every token ordered behind this one. */
  #cutBehind(last: number): Few | this {
    this.#weigh();
    const { ids, weights } = this.#workspace;
    const score = this.row.values[last];
    const equals = this.row.between(score, nextUp(score));
    for (let i = 0; i < equals; i++) if (ids[i] > last) weights[ids[i]] = 0;
    return this.#cutBelow(score);
  }

  #cutBelow(low: number): Few | this {
    this.#weigh();
    const { results } = this.#workspace;
    this.#total = this.row.cut(low, this.scale);
    this.#moment = results[0];
    this.count = results[1];
    this.#cut = true;
    return this.#orFew();
  }

  /** Begins anew with the tokens that have a weight, where the largest may be another one. */
  #settle(temperature: number): Few | this {
    const { given, edited, weights } = this.#workspace;
    const { vocabulary } = this.row;
    if (this.row === given) edited.values.set(given.values.subarray(0, vocabulary));
    for (let id = 0; id < vocabulary; id++) if (weights[id] === 0) edited.values[id] = -Infinity;
    edited.scan(vocabulary);
    return this.begin(edited, temperature);
  }

  /** The ids of the n likeliest in order, and of those as likely as the last. */
  likely(n: number, keys: Float64Array): number[] {
    const { given } = this.#workspace;
    if (this.temperature === Infinity) return this.#likelyByModel(Math.min(n, this.count), keys);
    const equals = this.row !== given;
    const ids = this.row.likely(Math.min(n, this.count), this.temperature, keys, equals);
    return this.count < this.row.alive ? ids.filter((id) => this.has(id)) : ids;
  }

  /** Where all are equally likely to be drawn, it is the model that orders them. */
  #likelyByModel(n: number, keys: Float64Array): number[] {
    const { given } = this.#workspace;
    for (let first = n; ; first *= 4) {
      const most = Math.min(first, given.alive);
      const ids = given.likely(most, 1, keys).filter((id) => this.has(id));
      if (ids.length >= n) return ids;
      if (most < given.alive) continue;
      // To the model these are impossible, and alike.
      for (let id = 0; ids.length < n; id++)
        if (this.has(id) && !given.isLikely(id, 1)) ids.push(id);
      return ids;
    }
  }

  /** Whether a token has a weight that can be told from 0. */
  isDrawable(id: number): boolean {
    return this.has(id) && this.row.isLikely(id, this.temperature);
  }

  /** Whether a token is left. */
  has(id: number): boolean {
    return this.#cut ? this.#workspace.weights[id] > 0 : this.row.values[id] > -Infinity;
  }

  /** Something of every token that is above a bound for those left: to ask of them all. */
  get signs(): Signs {
    return this.#cut
      ? { values: this.#workspace.weights, above: 0 }
      : { values: this.row.values, above: -Infinity };
  }

  /** The probability of a token, 0 if it has gone. */
  probability(id: number): number {
    return this.has(id) ? exp(this.#exponent(id)) / this.total : 0;
  }

  /** ln of the probability of a token that is left. */
  logProbability(id: number): number {
    return this.#exponent(id) - log(this.total);
  }

  #exponent(id: number): number {
    const { values, max } = this.row;
    // No further than in the kernel.
    const distance = Math.max(LOWEST, values[id] - max);
    return this.temperature < Infinity ? distance / this.temperature : 0;
  }

  /** The raw probability of what is left. */
  rawMass(): number {
    const { kernel } = this.#workspace;
    if (this.#cut) return this.#raw.share(kernel.layout.weights, 0);
    return this.#raw.share(this.row.at, -Infinity);
  }

  /** The first token in id order whose running sum of weights exceeds u · total. */
  draw(u: number): number {
    this.#weigh();
    const target = u * this.total;
    const { sums, weights } = this.#workspace;
    const { block } = this.row;
    // The same additions as made the total, so the running sum ends at it; u < 1 is a multiple of
    // 2^-53, so the target is less.
    let before = 0;
    let b = 0;
    while (before + sums[b] <= target) before += sums[b++];
    // Within the block the sum is made in another order: rounding may leave it a hair short.
    let drawn = b * block;
    for (let id = b * block; id < (b + 1) * block; id++) {
      if (weights[id] === 0) continue;
      drawn = id;
      before += weights[id];
      if (before > target) break;
    }
    return drawn;
  }
}
