import { exp } from './exp.ts';
import { log } from './log.ts';
import type { Raw } from './raw.ts';
import { LOWEST, type Row } from './row.ts';
import type { Signs } from './signs.ts';
import type { Workspace } from './workspace.ts';

/** Where log2 e / τ is the largest Float32: what is below it counts as this. */
const COLDEST = Math.LOG2E / 3.4028234663852886e38;

/** What is left of a row's tokens, weighed in place by the kernel: what they are, and what they weigh. */
export class Weights {
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
  #cut = false;
  protected readonly workspace: Workspace;
  readonly #raw: Raw;

  constructor(workspace: Workspace, raw: Raw) {
    this.workspace = workspace;
    this.#raw = raw;
    this.row = workspace.given;
  }

  /** Takes all tokens of a scanned row. */
  protected take(row: Row, temperature: number): void {
    this.row = row;
    this.count = row.alive;
    this.#eager = this.#weighed;
    this.#cut = false;
    this.temper(temperature);
  }

  /** Goes on at another temperature; not where tokens have gone. */
  protected temper(temperature: number): void {
    this.temperature = Math.max(COLDEST, temperature);
    this.#summed = false;
    this.#weighed = false;
  }

  /** Leaves the tokens with a weight and at least this score. */
  protected keepFrom(low: number): void {
    this.weigh();
    const { results } = this.workspace;
    this.#total = this.row.cut(low, this.scale);
    this.#moment = results[0];
    this.count = results[1];
    this.#cut = true;
  }

  /** Whether tokens with a finite score have gone: their weight is 0. */
  protected get isCut(): boolean {
    return this.#cut;
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

  #sum(): void {
    if (this.#eager) {
      this.weigh();
      return;
    }
    this.#learn(this.row.total(this.scale));
  }

  /** Makes sure that the workspace holds the weights. */
  protected weigh(): void {
    if (this.#weighed) return;
    this.#learn(this.row.weigh(this.scale));
    this.#weighed = true;
  }

  #learn(total: number): void {
    this.#total = total;
    this.#moment = this.workspace.results[0];
    this.#summed = true;
    const isRaw = this.row === this.workspace.given && this.temperature === 1;
    if (isRaw) this.#raw.learn(total, this.#moment);
  }

  /** The ids of the n likeliest in order, and of those as likely as the last. */
  likely(n: number, keys: Float64Array): number[] {
    const { given } = this.workspace;
    if (this.temperature === Infinity) return this.#likelyByModel(Math.min(n, this.count), keys);
    const equals = this.row !== given;
    const ids = this.row.likely(Math.min(n, this.count), this.temperature, keys, equals);
    return this.count < this.row.alive ? ids.filter((id) => this.has(id)) : ids;
  }

  /** Where all are equally likely to be drawn, it is the model that orders them. */
  #likelyByModel(n: number, keys: Float64Array): number[] {
    const { given } = this.workspace;
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
    return this.#cut ? this.workspace.weights[id] > 0 : this.row.values[id] > -Infinity;
  }

  /** Something of every token that is above a bound for those left: to ask of them all. */
  get signs(): Signs {
    return this.#cut
      ? { values: this.workspace.weights, above: 0 }
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
    const { kernel } = this.workspace;
    if (this.#cut) return this.#raw.share(kernel.layout.weights, 0);
    return this.#raw.share(this.row.at, -Infinity);
  }

  /** The first token in id order whose running sum of weights exceeds u · total. */
  draw(u: number): number {
    this.weigh();
    const target = u * this.total;
    const { sums, weights } = this.workspace;
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
