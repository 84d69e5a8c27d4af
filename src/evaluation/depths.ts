import { checkLogits, checkRow } from '../sampling/check.ts';
import { exp } from '../sampling/exp.ts';
import { log } from '../sampling/log.ts';

/** Float32 bits above this one name a bin: 8 of exponent and 6 of fraction, 64 bins an octave. */
const SHIFT = 17;
const BINS = (0x7f80_0000 >>> SHIFT) + 1;
/** Of each bin: how many, Σ depth, Σ depth², Σ depth³. Made when first wanted, left as zeros. */
let bins: Float64Array | undefined;

const rounded = new Float32Array(1);
const bits = new Int32Array(rounded.buffer);

/** What q = softmax(z/τ) does to the depths below the largest logit. */
export interface Moments {
  /** ln Σ e^(−depth/τ), in [0, ln n]. */
  readonly logPartition: number;
  /** E_q[depth/τ]. */
  readonly mean: number;
  /** Var_q(depth/τ): how fast H(q) grows with ln τ. */
  readonly variance: number;
}

/**
 * How deep the logits of a row lie below its largest, in bins one to two percent of a depth wide
 * whatever the scale of the logits: so one row's distribution at any temperature takes a few
 * hundred exponentials instead of one per token.
 *
 * The tokens of a bin weigh Σ e^(−d/τ) = n e^(−x) (1 + v x²/2 − s x³/6 + …), with x = m/τ, of
 * their number n, mean depth m, variance v·m² and third central moment s·m³. What is left out is
 * at most (x/64)⁴/384, a relative 3e-6 for tokens of e^−12 of the largest one's weight.
 */
export class Depths {
  /** How many logits are finite. */
  readonly count: number;
  /** How many are the largest. */
  readonly ties: number;
  /** The mean depth of all that are finite. */
  readonly mean: number;
  readonly #counts: Float32Array;
  readonly #means: Float64Array;
  readonly #variances: Float32Array;
  readonly #skews: Float32Array;

  /** @throws KelvinError INVALID_LOGITS */
  constructor(logits: Float32Array) {
    checkRow(logits);
    const max = checkLogits(logits);
    bins ??= new Float64Array(4 * BINS);
    let ties = 0;
    for (let i = 0; i < logits.length; i++) {
      const depth = max - logits[i];
      if (depth === 0) ties++;
      else if (depth < Infinity) {
        rounded[0] = depth;
        const bin = 4 * (bits[0] >>> SHIFT);
        const square = depth * depth;
        bins[bin]++;
        bins[bin + 1] += depth;
        bins[bin + 2] += square;
        bins[bin + 3] += square * depth;
      }
    }
    const used: number[] = [];
    for (let bin = 0; bin < bins.length; bin += 4) if (bins[bin] > 0) used.push(bin);
    this.#counts = new Float32Array(used.length);
    this.#means = new Float64Array(used.length);
    this.#variances = new Float32Array(used.length);
    this.#skews = new Float32Array(used.length);
    let count = ties;
    let total = 0;
    for (let i = 0; i < used.length; i++) {
      const [n, sum, squares, cubes] = bins.subarray(used[i], used[i] + 4);
      bins.fill(0, used[i], used[i] + 4);
      const mean = sum / n;
      const second = squares / n / (mean * mean);
      this.#counts[i] = n;
      this.#means[i] = mean;
      this.#variances[i] = second - 1;
      this.#skews[i] = cubes / n / (mean * mean * mean) - 3 * second + 2;
      count += n;
      total += sum;
    }
    this.count = count;
    this.ties = ties;
    this.mean = total / count;
  }

  /** The smallest and the largest mean depth of a bin; undefined where all are equal. */
  get range(): readonly [number, number] | undefined {
    const last = this.#means.length - 1;
    return last < 0 ? undefined : [this.#means[0], this.#means[last]];
  }

  /** @param temperature in (0, Infinity) */
  at(temperature: number): Moments {
    let total = this.ties;
    let first = 0;
    let second = 0;
    for (let i = 0; i < this.#means.length; i++) {
      const x = this.#means[i] / temperature;
      const weight = this.#counts[i] * exp(-x);
      // The deeper ones weigh nothing either; and 0 · Infinity would be NaN.
      if (!(weight > 0)) break;
      const v = this.#variances[i] * x;
      const s = this.#skews[i] * x * x;
      const own = 1 + x * (v / 2 - s / 6);
      const slope = v - s / 2;
      total += weight * own;
      first += weight * x * (own - slope);
      second += weight * x * (x * (own - 2 * slope) + v - s);
    }
    const mean = first / total;
    return { logPartition: log(total), mean, variance: Math.max(0, second / total - mean * mean) };
  }
}
