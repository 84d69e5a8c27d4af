import { checkLogits, show } from './check.ts';
import { KelvinError } from './error.ts';
import { exp } from './exp.ts';
import { log } from './log.ts';

/** Checked logits divided by τ and shifted so that the largest is 0; −Infinity stays. */
function temper(logits: ArrayLike<number>, temperature: number): Float64Array {
  const max = checkLogits(logits);
  if (!(temperature >= 0))
    throw new KelvinError(
      'INVALID_ARGUMENT',
      `temperature must be a number in [0, Infinity], got ${show(temperature)}`,
    );
  const scores = Float64Array.from(logits);
  if (temperature === 0) {
    const first = scores.indexOf(max);
    return scores.map((_, i) => (i === first ? 0 : -Infinity));
  }
  if (temperature === Infinity) return scores.map((z) => (z === -Infinity ? z : 0));
  return scores.map((z) => (z - max) / temperature);
}

/**
 * Softmax at temperature τ: p_i = e^(z_i/τ) / Σ_j e^(z_j/τ), computed from z − max z, so that no
 * logit overflows. τ = 0 gives the one-hot argmax (first of equals), Infinity gives equal shares
 * to all finite logits.
 *
 * @param logits n numbers, finite or −Infinity (probability 0), at least one finite
 * @param temperature in [0, Infinity], default 1
 * @returns n probabilities that sum to 1
 * @throws KelvinError INVALID_LOGITS naming the bad index, INVALID_ARGUMENT
 * @example
 * import { softmax } from 'kelvin/sampling';
 * Array.from(softmax([1, 2])); // => [0.2689414213699951, 0.7310585786300049]
 * Array.from(softmax([1, 2], 0)); // => [0, 1]
 */
export function softmax(logits: ArrayLike<number>, temperature = 1): Float64Array {
  const weights = temper(logits, temperature).map(exp);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/**
 * ln of {@link softmax}, exact also where the probability itself underflows.
 *
 * @param logits n numbers, finite or −Infinity, at least one finite
 * @param temperature in [0, Infinity], default 1
 * @returns n numbers ≤ 0
 * @throws KelvinError INVALID_LOGITS, INVALID_ARGUMENT
 * @example
 * import { logSoftmax } from 'kelvin/sampling';
 * Array.from(logSoftmax([0, 1000])); // => [-1000, 0]
 */
export function logSoftmax(logits: ArrayLike<number>, temperature = 1): Float64Array {
  const exponents = temper(logits, temperature);
  const shift = log(exponents.reduce((sum, y) => sum + exp(y), 0));
  return exponents.map((y) => y - shift);
}

/**
 * ln Σ e^z, without overflow.
 *
 * @param logits n numbers, finite or −Infinity, at least one finite
 * @throws KelvinError INVALID_LOGITS
 * @example
 * import { logSumExp } from 'kelvin/sampling';
 * logSumExp([1000, 1000]); // => 1000.6931471805599
 */
export function logSumExp(logits: ArrayLike<number>): number {
  const max = checkLogits(logits);
  let total = 0;
  for (let i = 0; i < logits.length; i++) total += exp(logits[i] - max);
  return max + log(total);
}

/**
 * x_i / Σ x: what softmax is not. It ignores how far apart numbers are (10 and 20 get what 1 and
 * 2 get), and negative inputs make it no distribution at all.
 *
 * @param values n finite numbers whose sum is finite and not 0
 * @returns n numbers that sum to 1
 * @throws KelvinError INVALID_ARGUMENT
 * @example
 * import { standardNormalization } from 'kelvin/sampling';
 * Array.from(standardNormalization([10, 30])); // => [0.25, 0.75]
 */
export function standardNormalization(values: ArrayLike<number>): Float64Array {
  const row = Float64Array.from(values);
  const total = row.reduce((sum, value) => sum + value, 0);
  if (total === 0 || !Number.isFinite(total))
    throw new KelvinError(
      'INVALID_ARGUMENT',
      `values must have a finite sum other than 0, got ${total}`,
    );
  return row.map((value) => value / total);
}

/**
 * The logistic function 1 / (1 + e^−x): the first of the two classes of softmax([x, 0]).
 *
 * @param x any number; NaN gives NaN
 * @returns a number in [0, 1]
 * @example
 * import { sigmoid } from 'kelvin/sampling';
 * sigmoid(0); // => 0.5
 */
export function sigmoid(x: number): number {
  const small = exp(-Math.abs(x));
  return (x < 0 ? small : 1) / (1 + small);
}

/**
 * The index of the largest value, the first of equals.
 *
 * @param values at least one number, no NaN
 * @throws KelvinError INVALID_LOGITS
 * @example
 * import { argmax } from 'kelvin/sampling';
 * argmax([1, 3, 3]); // => 1
 */
export function argmax(values: ArrayLike<number>): number {
  if (values.length === 0) throw new KelvinError('INVALID_LOGITS', 'argmax of no values');
  let best = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i]))
      throw new KelvinError('INVALID_LOGITS', `argmax met NaN at index ${i} of ${values.length}`);
    if (values[i] > values[best]) best = i;
  }
  return best;
}
