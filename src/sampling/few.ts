import { exp } from './exp.ts';
import { idOf, sortDescending } from './keys.ts';
import type { Limit } from './limit.ts';
import { log } from './log.ts';
import { reach } from './reach.ts';
import type { Row } from './row.ts';
import type { Statistics } from './stage.ts';

/** The most tokens that are listed one by one. */
export const FEW = 512;

/** Tokens listed largest first, weighed in Float64. */
export class Few implements Statistics {
  count = 0;
  temperature = 1;
  /** Σ of the weights. */
  total = 0;
  readonly ids = new Int32Array(FEW);
  /** Edited logit; (score − largest) / τ; e to that. */
  readonly scores = new Float64Array(FEW);
  readonly exponents = new Float64Array(FEW);
  readonly weights = new Float64Array(FEW);
  readonly #order = new Float64Array(FEW);

  /** Takes over the n largest tokens of a row, at most {@link FEW}. */
  list(row: Row, n: number, keys: Float64Array, temperature: number): this {
    row.largest(n, keys);
    for (let rank = 0; rank < n; rank++) {
      const id = idOf(keys[rank]);
      this.ids[rank] = id;
      this.scores[rank] = row.values[id];
    }
    this.count = n;
    return this.reweigh(temperature);
  }

  /** Divides by another temperature. */
  reweigh(temperature: number): this {
    this.temperature = temperature;
    if (temperature === 0) this.count = 1;
    const { count, scores, exponents, weights } = this;
    const max = scores[0];
    // At τ = 0 one is left; at Infinity 0 must not become 0 · Infinity, nor its sign matter.
    if (temperature === 0 || temperature === Infinity) exponents.fill(0, 0, count);
    else
      for (let rank = 0; rank < count; rank++) exponents[rank] = (scores[rank] - max) / temperature;
    for (let rank = 0; rank < count; rank++) weights[rank] = exp(exponents[rank]);
    return this.shorten(this.count);
  }

  /** Keeps the n largest. */
  shorten(n: number): this {
    this.count = n;
    let total = 0;
    for (let rank = 0; rank < n; rank++) total += this.weights[rank];
    this.total = total;
    return this;
  }

  get topSurprisal(): number {
    return log(this.total) - this.exponents[0];
  }

  get entropy(): number {
    let moment = 0;
    for (let rank = 0; rank < this.count; rank++)
      if (this.weights[rank] > 0) moment += this.weights[rank] * this.exponents[rank];
    return Math.max(0, log(this.total) - moment / this.total);
  }

  get deviation(): number {
    let sum = 0;
    let squares = 0;
    for (let rank = 0; rank < this.count; rank++) {
      const distance = this.scores[rank] - this.scores[0];
      sum += distance;
      squares += distance * distance;
    }
    const mean = sum / this.count;
    return Math.sqrt(Math.max(0, squares / this.count - mean * mean));
  }

  likeliest(n: number): Float64Array {
    return this.weights.slice(0, Math.min(n, this.count)).map((weight) => weight / this.total);
  }

  limit(limit: Limit, floor: number): this {
    if (limit.kind === 'near') return this.#keepNear(limit.surprisal, limit.mass, floor);
    if (limit.kind === 'below') return this.#keepBelow(limit.exponent, floor);
    return this.shorten(reach(this, limit, this.total, floor) ?? this.count);
  }

  #keepNear(surprisal: number, mass: number, floor: number): this {
    const top = log(this.total);
    const distances = this.exponents
      .subarray(0, this.count)
      .map((exponent) => Math.abs(top - exponent - surprisal));
    const ranks = Array.from(distances.keys()).sort((a, b) => distances[a] - distances[b] || a - b);
    let kept = 0;
    let seen = 0;
    while (kept < this.count && (kept < floor || seen < mass * this.total))
      seen += this.weights[ranks[kept++]];
    return this.#pick(ranks.slice(0, kept).sort((a, b) => a - b));
  }

  #keepBelow(exponent: number, floor: number): this {
    let above = 0;
    while (above < this.count && this.exponents[above] >= exponent) above++;
    if (above < 2 || this.count - (above - 1) < floor) return this;
    return this.#pick(Array.from({ length: this.count - above + 1 }, (_, i) => above - 1 + i));
  }

  /** Keeps the given ascending ranks, weighed by the largest of them. */
  #pick(ranks: readonly number[]): this {
    for (const [to, from] of ranks.entries()) {
      this.ids[to] = this.ids[from];
      this.scores[to] = this.scores[from];
    }
    this.count = ranks.length;
    return this.reweigh(this.temperature);
  }

  /** The raw probability of what is left. */
  rawMass(raw: { mass(ids: Int32Array, count: number): number }): number {
    return raw.mass(this.ids, this.count);
  }

  /** The ids of the n likeliest, and of those as likely as the last; of none that has weight 0. */
  likely(n: number): number[] {
    const { ids, weights, count } = this;
    const found: number[] = [];
    for (let rank = 0; rank < count && weights[rank] > 0; rank++)
      if (rank < n || weights[rank] === weights[n - 1]) found.push(ids[rank]);
    return found;
  }

  /** Whether a token has a weight that can be told from 0. */
  isDrawable(id: number): boolean {
    return this.probability(id) > 0;
  }

  /** Whether a token is among them. */
  has(id: number): boolean {
    return this.#rankOf(id) < this.count;
  }

  /** The probability of a token, 0 if it is not among them. */
  probability(id: number): number {
    const rank = this.#rankOf(id);
    return rank < this.count ? this.weights[rank] / this.total : 0;
  }

  #rankOf(id: number): number {
    let rank = 0;
    while (rank < this.count && this.ids[rank] !== id) rank++;
    return rank;
  }

  /** ln of the probability of a token that is among them. */
  logProbability(id: number): number {
    return this.exponents[this.#rankOf(id)] - log(this.total);
  }

  /** The first token in id order whose running sum of weights exceeds u · total. */
  draw(u: number): number {
    const order = this.#order;
    for (let rank = 0; rank < this.count; rank++) order[rank] = -(this.ids[rank] * FEW + rank);
    sortDescending(order, 0, this.count - 1);
    let total = 0;
    for (let i = 0; i < this.count; i++) total += this.weights[-order[i] % FEW];
    // u < 1 is a multiple of 2^-53, so u · total < total even after rounding, and the running sum
    // ends at exactly total: the loop always stops, and never at a token of weight 0.
    let running = 0;
    let at = 0;
    for (; at < this.count; at++) {
      running += this.weights[-order[at] % FEW];
      if (running > u * total) break;
    }
    return this.ids[-order[at] % FEW];
  }
}
