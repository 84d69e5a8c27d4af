import { checkInteger } from './check.ts';
import { KelvinError } from './error.ts';
import { checkSameLength, countRows } from './gradients.ts';
import { log } from './log.ts';
import { logSoftmax, softmax } from './softmax.ts';

/**
 * The vector with 1 at `index` and 0 elsewhere.
 *
 * @throws KelvinError INVALID_ARGUMENT unless 0 ≤ index < classes
 * @example
 * import { oneHot } from 'kelvin/sampling';
 * Array.from(oneHot(1, 3)); // => [0, 1, 0]
 */
export function oneHot(index: number, classes: number): Float64Array {
  checkInteger('classes', classes, 1);
  checkInteger('index', index, 0, classes - 1);
  const vector = new Float64Array(classes);
  vector[index] = 1;
  return vector;
}

/**
 * −ln softmax(logits)[target], in nats: the surprisal of the target.
 *
 * @param logits n numbers, finite or −Infinity, at least one finite
 * @param target index in [0, n)
 * @returns a number ≥ 0; Infinity where the target's logit is −Infinity
 * @throws KelvinError INVALID_LOGITS, INVALID_ARGUMENT
 * @example
 * import { negativeLogLikelihood } from 'kelvin/sampling';
 * negativeLogLikelihood([0, 0], 1); // => 0.6931471805599453
 */
export function negativeLogLikelihood(logits: ArrayLike<number>, target: number): number {
  checkInteger('target', target, 0, logits.length - 1);
  return -logSoftmax(logits)[target];
}

/**
 * The gradient of {@link negativeLogLikelihood} in the logits: softmax(logits) − onehot(target).
 *
 * @returns n numbers that sum to 0
 * @throws KelvinError INVALID_LOGITS, INVALID_ARGUMENT
 * @example
 * import { negativeLogLikelihoodGradient } from 'kelvin/sampling';
 * Array.from(negativeLogLikelihoodGradient([0, 0], 1)); // => [0.5, -0.5]
 */
export function negativeLogLikelihoodGradient(
  logits: ArrayLike<number>,
  target: number,
): Float64Array {
  checkInteger('target', target, 0, logits.length - 1);
  const gradient = softmax(logits);
  gradient[target] -= 1;
  return gradient;
}

/** Calls back with every row and its target. */
function eachRow(
  logits: ArrayLike<number>,
  targets: ArrayLike<number>,
  visit: (row: Float64Array, target: number, start: number) => void,
): void {
  const values = Float64Array.from(logits);
  if (targets.length === 0 || values.length % targets.length !== 0)
    throw new KelvinError(
      'INVALID_ARGUMENT',
      `${values.length} logits are no whole number of classes for each of ${targets.length} targets`,
    );
  const classes = values.length / targets.length;
  for (let row = 0; row < targets.length; row++) {
    const start = row * classes;
    visit(values.subarray(start, start + classes), targets[row], start);
  }
}

/**
 * Mean over rows of {@link negativeLogLikelihood}, in nats.
 *
 * @param logits rows × classes numbers, row after row
 * @param targets one class index per row; their number is the number of rows
 * @throws KelvinError INVALID_LOGITS, INVALID_ARGUMENT
 * @example
 * import { crossEntropy } from 'kelvin/sampling';
 * crossEntropy([0, 0, 0, 0], [0, 1]); // => 0.6931471805599453
 */
export function crossEntropy(logits: ArrayLike<number>, targets: ArrayLike<number>): number {
  let total = 0;
  eachRow(logits, targets, (row, target) => {
    total += negativeLogLikelihood(row, target);
  });
  return total / targets.length;
}

/**
 * The gradient of {@link crossEntropy} in the logits: (softmax − onehot) / rows.
 *
 * @returns rows × classes numbers
 * @throws KelvinError INVALID_LOGITS, INVALID_ARGUMENT
 * @example
 * import { crossEntropyGradient } from 'kelvin/sampling';
 * Array.from(crossEntropyGradient([0, 0, 0, 0], [0, 1])); // => [-0.25, 0.25, 0.25, -0.25]
 */
export function crossEntropyGradient(
  logits: ArrayLike<number>,
  targets: ArrayLike<number>,
): Float64Array {
  const gradient = new Float64Array(logits.length);
  eachRow(logits, targets, (row, target, start) => {
    gradient.set(negativeLogLikelihoodGradient(row, target), start);
  });
  return gradient.map((value) => value / targets.length);
}

/**
 * −Σ target · ln predicted, in nats, of two vectors of probabilities; 0 · ln 0 counts as 0.
 * For logits use {@link crossEntropy}.
 *
 * @param target n numbers ≥ 0, such as a one-hot vector
 * @param predicted n numbers ≥ 0
 * @returns Infinity where something possible was given probability 0
 * @throws KelvinError INVALID_ARGUMENT for unequal lengths, negative numbers or NaN
 * @example
 * import { crossEntropyOfProbabilities } from 'kelvin/sampling';
 * crossEntropyOfProbabilities([1, 0, 0], [0.7, 0.2, 0.1]); // => 0.35667494393873245
 */
export function crossEntropyOfProbabilities(
  target: ArrayLike<number>,
  predicted: ArrayLike<number>,
): number {
  checkSameLength(target, predicted, 'target and predicted differ in length');
  countRows(target.length, target.length);
  let total = 0;
  for (let i = 0; i < target.length; i++) {
    const t = target[i];
    const p = predicted[i];
    if (!(t >= 0 && p >= 0))
      throw new KelvinError(
        'INVALID_ARGUMENT',
        `probabilities must be ≥ 0, got ${t} and ${p} at index ${i}`,
      );
    if (t > 0) total -= t * log(p);
  }
  return total;
}
