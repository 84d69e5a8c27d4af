import { checkedMaximum } from './check.ts';
import { exp } from './exp.ts';
import { log } from './log.ts';

/** Σw, Σw·y and Σw·y² with y = z − max, moved to a larger maximum. */
function rescale(moments: readonly [number, number, number], shift: number) {
  const [m0, m1, m2] = moments;
  const factor = exp(shift);
  // Where the factor underflows the shift may be −Infinity; 0 · −Infinity would be NaN.
  if (factor === 0) return [0, 0, 0] as const;
  return [
    factor * m0,
    factor * (m1 + shift * m0),
    factor * (m2 + 2 * shift * m1 + shift * shift * m0),
  ] as const;
}

/**
 * Softmax statistics of a row seen piece by piece (Milakov & Gimelshein 2018, arXiv:1805.02867).
 *
 * Push chunks in any split and order, and {@link merge} accumulators of different parts: up to
 * rounding the outcome is that of the whole row at once. So a vocabulary may be streamed or
 * sharded. Holds a handful of numbers, whatever the length.
 *
 * @example
 * import { OnlineSoftmax } from 'kelvin/sampling';
 * const left = new OnlineSoftmax().push([1000]);
 * const whole = new OnlineSoftmax().push([1000]).merge(left);
 * whole.logSumExp; // => 1000.6931471805599
 * whole.probability(1000); // => 0.5
 */
export class OnlineSoftmax {
  #count = 0;
  #max = -Infinity;
  #moments: readonly [number, number, number] = [0, 0, 0];

  /**
   * Adds logits.
   *
   * @param logits numbers, finite or −Infinity (probability 0); may be empty
   * @throws KelvinError INVALID_LOGITS naming the index of NaN or +Infinity; nothing is added
   * @example
   * import { OnlineSoftmax } from 'kelvin/sampling';
   * new OnlineSoftmax().push([1, 2]).push([3]).count; // => 3
   */
  push(logits: ArrayLike<number>): this {
    const max = checkedMaximum(logits);
    let [m0, m1, m2] = [0, 0, 0];
    for (let i = 0; i < logits.length; i++) {
      const y = logits[i] - max;
      const w = exp(y);
      if (!(w > 0)) continue;
      m0 += w;
      m1 += w * y;
      m2 += w * y * y;
    }
    return this.#absorb(logits.length, max, [m0, m1, m2]);
  }

  /**
   * Adds what another accumulator has seen; the other one is left as it is.
   *
   * @example
   * import { OnlineSoftmax } from 'kelvin/sampling';
   * new OnlineSoftmax().push([1]).merge(new OnlineSoftmax().push([2, 3])).max; // => 3
   */
  merge(other: OnlineSoftmax): this {
    return this.#absorb(other.#count, other.#max, other.#moments);
  }

  #absorb(count: number, max: number, moments: readonly [number, number, number]): this {
    this.#count += count;
    if (max === -Infinity) return this;
    const top = Math.max(this.#max, max);
    const mine = rescale(this.#moments, this.#max - top);
    const theirs = rescale(moments, max - top);
    this.#moments = [mine[0] + theirs[0], mine[1] + theirs[1], mine[2] + theirs[2]];
    this.#max = top;
    return this;
  }

  /** How many logits were pushed. */
  get count(): number {
    return this.#count;
  }

  /** The largest logit; −Infinity if none was finite. */
  get max(): number {
    return this.#max;
  }

  /** Σ e^(z − max), in [1, count]; 0 if no logit was finite. */
  get sum(): number {
    return this.#moments[0];
  }

  /** ln Σ e^z; −Infinity if no logit was finite. */
  get logSumExp(): number {
    return this.#max + log(this.sum);
  }

  /** Expected logit E_p[z]; NaN if no logit was finite. */
  get mean(): number {
    return this.#max + this.#moments[1] / this.sum;
  }

  /** Var_p(z), in nats²; NaN if no logit was finite. */
  get variance(): number {
    const [m0, m1, m2] = this.#moments;
    const offset = m1 / m0;
    return Math.max(0, m2 / m0 - offset * offset);
  }

  /** Entropy of the softmax in nats: ln Σ e^z − E_p[z]; NaN if no logit was finite. */
  get entropy(): number {
    const [m0, m1] = this.#moments;
    return Math.max(0, log(m0) - m1 / m0);
  }

  /** The probability of a logit in the row seen so far; NaN if no logit was finite. */
  probability(logit: number): number {
    return exp(logit - this.#max) / this.sum;
  }
}
