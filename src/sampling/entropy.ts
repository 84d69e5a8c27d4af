import { checkLogits, show } from './check.ts';
import { KelvinError } from './error.ts';
import { crossEntropyOfProbabilities } from './loss.ts';
import { OnlineSoftmax } from './online-softmax.ts';

/**
 * Shannon entropy −Σ p ln p in nats; 0 · ln 0 counts as 0.
 *
 * @param probabilities n numbers ≥ 0
 * @returns a number in [0, ln n] if they sum to 1
 * @throws KelvinError INVALID_ARGUMENT for none, a negative one or NaN
 * @example
 * import { entropy } from 'kelvin/sampling';
 * entropy([0.5, 0.5]); // => 0.6931471805599453
 */
export function entropy(probabilities: ArrayLike<number>): number {
  return crossEntropyOfProbabilities(probabilities, probabilities);
}

/** Var_q(z) in nats² of q = softmax(z/τ). */
function temperedVariance(logits: ArrayLike<number>, temperature: number): number {
  const max = checkLogits(logits);
  if (!(temperature > 0 && temperature < Infinity))
    throw new KelvinError(
      'INVALID_ARGUMENT',
      `temperature must be a number in (0, Infinity), got ${show(temperature)}`,
    );
  const tempered = Float64Array.from(logits, (z) => (z - max) / temperature);
  return temperature * temperature * new OnlineSoftmax().push(tempered).variance;
}

/**
 * How fast entropy grows with temperature: dH(q)/dτ = Var_q(z)/τ³ of q = softmax(z/τ), in nats
 * per unit of τ. Never negative: heat only adds diversity.
 *
 * @param logits n numbers, finite or −Infinity, at least one finite
 * @param temperature in (0, Infinity)
 * @throws KelvinError INVALID_LOGITS, INVALID_ARGUMENT
 * @example
 * import { entropyTemperatureDerivative } from 'kelvin/sampling';
 * entropyTemperatureDerivative([3, 3], 1); // => 0
 */
export function entropyTemperatureDerivative(
  logits: ArrayLike<number>,
  temperature: number,
): number {
  return temperedVariance(logits, temperature) / (temperature * temperature * temperature);
}

/**
 * How fast coherence falls with temperature: d E_q[ln p]/dτ = −Var_q(z)/τ² of q = softmax(z/τ)
 * and p = softmax(z). Divided by {@link entropyTemperatureDerivative} it is −τ: one more nat of
 * diversity costs τ nats of coherence.
 *
 * @param logits n numbers, finite or −Infinity, at least one finite
 * @param temperature in (0, Infinity)
 * @returns a number ≤ 0
 * @throws KelvinError INVALID_LOGITS, INVALID_ARGUMENT
 * @example
 * import { coherenceTemperatureDerivative } from 'kelvin/sampling';
 * coherenceTemperatureDerivative([2, 0], 1); // => -0.419974341614026
 */
export function coherenceTemperatureDerivative(
  logits: ArrayLike<number>,
  temperature: number,
): number {
  return -temperedVariance(logits, temperature) / (temperature * temperature);
}
