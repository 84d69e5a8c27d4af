import { UNDERFLOW } from './exp.ts';
import { roundDown, roundUp } from './float32.ts';
import type { Kernel } from './kernel/kernel.ts';
import { blockOf, padded } from './kernel/memory.ts';
import { idOf, selectLargest, sortDescending, writeKeys } from './keys.ts';
import type { Signs } from './signs.ts';

/** The lowest finite Float32: every token that can be drawn has a score at least this. */
export const LOWEST = -3.4028234663852886e38;
const BINS = 255;
/** How many of the largest are sorted at the least, and remembered until the next scan. */
const REMEMBERED = 64;

/** A row of logits in a kernel's memory, with its block maxima. */
export class Row {
  /** The address, and those of the maxima and minima. */
  readonly at: number;
  readonly maximaAt: number;
  readonly minimaAt: number;
  /** The logits, and the same memory as signed integers; room for the kernel's capacity. */
  readonly values: Float32Array;
  readonly bits: Int32Array;
  /** Set by {@link scan}: entries, with and without padding, and the block they are worked in. */
  vocabulary = 0;
  length = 0;
  block = 16;
  /** The largest logit, and how many are finite. */
  max = -Infinity;
  alive = 0;
  /** The lowest finite block maximum, and how many are finite. */
  #lowest = -Infinity;
  #finite = 0;
  readonly #kernel: Kernel;
  readonly #maxima: Float32Array;
  readonly #results: Float64Array;
  readonly #found: Int32Array;
  readonly #largest = new Float64Array(REMEMBERED);
  #sorted = 0;
  /** By the size of n, how far below the largest its last lower bound was. Only speed hangs on it. */
  readonly #distances = new Float64Array(22);
  readonly #histogram = new Int32Array(BINS + 1);

  constructor(kernel: Kernel, at: number, maximaAt: number, minimaAt: number) {
    const { buffer, layout } = kernel;
    this.at = at;
    this.maximaAt = maximaAt;
    this.minimaAt = minimaAt;
    this.#kernel = kernel;
    this.values = new Float32Array(buffer, at, layout.capacity);
    this.bits = new Int32Array(buffer, at, layout.capacity);
    this.#maxima = new Float32Array(buffer, maximaAt, layout.capacity / 16);
    this.#results = new Float64Array(buffer, 0, 4);
    this.#found = new Int32Array(buffer, layout.ids, layout.capacity);
  }

  /**
   * Takes in the first `vocabulary` values, after something has written them.
   *
   * @returns whether one may be NaN; nothing else is to be asked of the row if one is
   */
  scan(vocabulary: number): boolean {
    this.vocabulary = vocabulary;
    this.#sorted = 0;
    this.length = padded(vocabulary);
    this.block = blockOf(this.length);
    this.values.fill(-Infinity, vocabulary, this.length);
    this.max = this.#kernel.passes.scan(
      this.at,
      this.maximaAt,
      this.minimaAt,
      this.length,
      this.block,
    );
    this.alive = this.length - this.#results[1];
    this.#lowest = this.#results[2];
    this.#finite = this.#results[3];
    return this.#results[0] !== 0;
  }

  /** Ids of the tokens with at least this score, ascending, in the kernel's list. */
  gather(low: number): number {
    const { passes, layout } = this.#kernel;
    return passes.gather(this.at, this.maximaAt, layout.ids, this.length, this.block, low);
  }

  /** How many tokens have at least this score. */
  count(low: number): number {
    return this.#kernel.passes.count(this.at, this.maximaAt, this.length, this.block, low);
  }

  /**
   * The sum of all weights 2^((score − max) · scale), none stored. Result 0 = Σ weight · log2 weight.
   *
   * @param scale octaves of weight per unit of score
   */
  total(scale: number): number {
    const { at, maximaAt, minimaAt, length, block, max } = this;
    const low = this.#negligible(scale);
    return this.#kernel.passes.total(at, maximaAt, minimaAt, length, block, max, scale, low);
  }

  /** As {@link total}, and stores the weights and the sum of each block. */
  weigh(scale: number): number {
    const { passes, layout } = this.#kernel;
    const { at, maximaAt, minimaAt, length, block, max } = this;
    const { weights, sums } = layout;
    const low = this.#negligible(scale);
    return passes.weigh(at, maximaAt, minimaAt, weights, sums, length, block, max, scale, low);
  }

  /** As {@link total}; result 1 = the sum where an array of the kernel's, at `kept`, is above a bound. */
  share(kept: number, above: number, scale: number): number {
    const { passes } = this.#kernel;
    const { at, maximaAt, minimaAt, length, block, max } = this;
    const low = this.#negligible(scale);
    return passes.share(at, maximaAt, minimaAt, kept, length, block, max, scale, low, above);
  }

  /**
   * Ids of the tokens with a score in [low, high) and a stored weight, ascending, in the kernel's
   * list. Result 0 = the weight of those with a higher score.
   */
  between(low: number, high: number): number {
    const { passes, layout } = this.#kernel;
    const { at, maximaAt, length, block } = this;
    return passes.between(at, maximaAt, layout.weights, layout.ids, length, block, low, high);
  }

  /**
   * Forgets the stored weights of scores below `low` and sums anew. Results: 0 = Σ weight · log2
   * weight, 1 = how many are left.
   */
  cut(low: number, scale: number): number {
    const { passes, layout } = this.#kernel;
    const { at, length, block, max } = this;
    return passes.cut(at, layout.weights, layout.sums, length, block, max, scale, low);
  }

  /**
   * The score below which a whole block does not count: V weights below 2^-(25 + log2 V) of the
   * largest sum to less than 2^-25 of it.
   */
  #negligible(scale: number): number {
    return Math.fround(this.max - (25 + 32 - Math.clz32(this.vocabulary - 1)) / scale);
  }

  /**
   * The keys of the n largest, in order, at the front of `keys`.
   *
   * @param n at most `alive`
   * @param keys room for as many as `length`
   */
  largest(n: number, keys: Float64Array): void {
    if (n > this.#sorted) {
      const wanted = Math.max(n, Math.min(REMEMBERED, this.alive));
      this.#select(wanted, keys);
      sortDescending(keys, 0, wanted - 1);
      if (wanted > REMEMBERED) return;
      this.#sorted = wanted;
      for (let i = 0; i < wanted; i++) this.#largest[i] = keys[i];
    } else for (let i = 0; i < n; i++) keys[i] = this.#largest[i];
  }

  /** Whether the weight of a token at a temperature can be told from 0. */
  isLikely(id: number, temperature: number): boolean {
    return (this.values[id] - this.max) / temperature >= UNDERFLOW;
  }

  /**
   * The ids of the n largest in order, and of those behind them too near the last for Float64 to
   * tell their weights apart; all as far as their weights can be told from 0.
   *
   * @param n at most `alive`
   * @param equals whether those that equal the last are wanted too
   */
  likely(n: number, temperature: number, keys: Float64Array, equals = false): number[] {
    if (n === 0) return [];
    this.largest(n, keys);
    const last = this.values[idOf(keys[n - 1])];
    const low = roundUp(last - 1e-15 * (temperature + this.max - last));
    let found = n;
    if (low < last || equals) {
      found = this.count(Math.max(LOWEST, low));
      // Those that equal the last are in order already.
      if (!equals && found === this.count(last)) found = n;
      if (found > n) this.largest(found, keys);
    }
    const ids: number[] = [];
    for (let i = 0; i < found; i++) {
      const id = idOf(keys[i]);
      if (this.isLikely(id, temperature)) ids.push(id);
    }
    return ids;
  }

  /** The place of a token by size, from 1; 0 if it is not among those remembered. */
  placeOf(id: number): number {
    let place = this.#sorted;
    while (place > 0 && idOf(this.#largest[place - 1]) !== id) place--;
    return place;
  }

  /** The id of the n-th largest, n at most `alive`. */
  nthLargest(n: number, keys: Float64Array): number {
    this.#select(n, keys);
    let least = keys[0];
    for (let i = 1; i < n; i++) if (keys[i] < least) least = keys[i];
    return idOf(least);
  }

  /** Whether a token can be drawn. */
  has(id: number): boolean {
    return this.values[id] > -Infinity;
  }

  /** To ask of all tokens at once whether they can be drawn. */
  get signs(): Signs {
    return { values: this.values, above: -Infinity };
  }

  /** Whether one token is ordered before another. */
  isBefore(a: number, b: number): boolean {
    return this.values[a] > this.values[b] || (this.values[a] === this.values[b] && a < b);
  }

  #select(n: number, keys: Float64Array): void {
    const found = this.gather(this.#lowerBound(n));
    writeKeys(keys, this.bits, this.#found, found);
    if (found > n) selectLargest(keys, found, n);
  }

  /** A score that at least n tokens reach: each of n blocks holds one. */
  #lowerBound(n: number): number {
    if (this.#finite <= n) return LOWEST;
    const { passes } = this.#kernel;
    const blocks = this.length / this.block;
    const size = 31 - Math.clz32(n);
    // Rows of one text are alike: try what was right for the last one.
    const guess = Math.fround(this.max - this.#distances[size]);
    const reached = passes.tally(this.maximaAt, blocks, guess);
    if (reached >= n && reached <= 4 * n) return guess;
    const bound = this.#boundByHistogram(n, blocks);
    this.#distances[size] = this.max - bound;
    return bound;
  }

  /** Over the maxima's own range, as a fixed range in nats would collapse at extreme scales. */
  #boundByHistogram(n: number, blocks: number): number {
    const { max } = this;
    const scale = BINS / (max - this.#lowest);
    // All the same, or too far apart or too near for a quotient.
    if (!(scale > 0 && scale < Infinity)) return this.#lowest;
    const histogram = this.#histogram.fill(0);
    for (let b = 0; b < blocks; b++) {
      const top = this.#maxima[b];
      if (top >= LOWEST) histogram[Math.floor((max - top) * scale)]++;
    }
    let bin = 0;
    for (let seen = histogram[0]; seen < n; seen += histogram[bin]) bin++;
    // A hair below the bin, so that no rounding leaves one of its maxima out.
    return roundDown(max - (bin + 1.001) / scale);
  }
}
