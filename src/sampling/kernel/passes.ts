/**
 * The passes over a whole vocabulary, at addresses in the kernel's memory. Two implementations
 * agree bit for bit: WebAssembly SIMD (kernel.as) and plain Float32 arithmetic (emulation.ts).
 *
 * A row has `length` logits, a multiple of 64, padded with −Infinity. It is worked through in
 * blocks of `block` logits, whose maxima let a pass skip what cannot matter: a block whose maximum
 * is below `negligible` weighs too little to count. A weight is 2^((x − max) · scale) in Float32,
 * no less than 2^-126. Each block is summed in Float32 lanes and added up in Float64.
 */
export interface Passes {
  /**
   * Block maxima and minima, and the row's maximum. Results: 0 = whether there may be NaN (it is
   * never missed; sums too large for Float32 raise a false alarm), 1 = how many −Infinity, 2 = the
   * lowest finite block maximum, 3 = how many are finite.
   */
  scan(row: number, maxima: number, minima: number, length: number, block: number): number;
  /**
   * The weight of every logit (0 for −Infinity, 2^-126 in negligible blocks), the sum of each
   * block and of all. Result 0 = Σ weight · log2 weight.
   */
  weigh(
    row: number,
    maxima: number,
    minima: number,
    weights: number,
    sums: number,
    length: number,
    block: number,
    max: number,
    scale: number,
    negligible: number,
  ): number;
  /** The sum of all weights, none stored. Result 0 = Σ weight · log2 weight. */
  total(
    row: number,
    maxima: number,
    minima: number,
    length: number,
    block: number,
    max: number,
    scale: number,
    negligible: number,
  ): number;
  /** As `total`; result 1 = the sum over those whose entry in `kept` is above `above`. */
  share(
    row: number,
    maxima: number,
    minima: number,
    kept: number,
    length: number,
    block: number,
    max: number,
    scale: number,
    negligible: number,
    above: number,
  ): number;
  /** Writes the ids of logits ≥ `low`, ascending. @returns how many */
  gather(
    row: number,
    maxima: number,
    ids: number,
    length: number,
    block: number,
    low: number,
  ): number;
  /** @returns how many logits are ≥ `low` */
  count(row: number, maxima: number, length: number, block: number, low: number): number;
  /** @returns how many of some values, such as block maxima, are ≥ `low` */
  tally(values: number, length: number, low: number): number;
  /**
   * Writes the ids of logits in [low, high) whose stored weight is not 0, ascending. Result 0 =
   * the stored weight of those ≥ high. @returns how many
   */
  between(
    row: number,
    maxima: number,
    weights: number,
    ids: number,
    length: number,
    block: number,
    low: number,
    high: number,
  ): number;
  /**
   * Sets the stored weights of logits below `low` to 0 and sums anew. Results: 0 = Σ weight · log2
   * weight, 1 = how many weights are not 0.
   */
  cut(
    row: number,
    weights: number,
    sums: number,
    length: number,
    block: number,
    max: number,
    scale: number,
    low: number,
  ): number;
}
