import { checkInteger } from './check.ts';
import { KelvinError } from './error.ts';

/** How many rows of `classes` columns a flat array holds. */
export function countRows(length: number, classes: number): number {
  checkInteger('classes', classes, 1);
  if (length === 0 || length % classes !== 0)
    throw new KelvinError(
      'INVALID_ARGUMENT',
      `${length} values are no whole number of rows of ${classes} classes`,
    );
  return length / classes;
}

/** Throws INVALID_ARGUMENT unless two arrays are equally long. */
export function checkSameLength(a: ArrayLike<number>, b: ArrayLike<number>, what: string): void {
  if (a.length !== b.length)
    throw new KelvinError('INVALID_ARGUMENT', `${what}: ${a.length} and ${b.length} values`);
}

/**
 * The Jacobian of softmax at its output S: ∂S_i/∂z_j = S_i (δ_ij − S_j). Symmetric; rows sum
 * to 0.
 *
 * @param probabilities n numbers, the output of softmax
 * @returns n rows of n numbers
 * @example
 * import { softmaxJacobian } from 'kelvin/sampling';
 * softmaxJacobian([0.5, 0.5]).map((row) => Array.from(row)); // => [[0.25, -0.25], [-0.25, 0.25]]
 */
export function softmaxJacobian(probabilities: ArrayLike<number>): Float64Array[] {
  const s = Float64Array.from(probabilities);
  return Array.from(s, (si, i) => s.map((sj, j) => si * ((i === j ? 1 : 0) - sj)));
}

/**
 * Takes the gradient of a loss back through softmax: p ∘ (g − Σ g·p) per row, the product of the
 * Jacobian with g in O(n) instead of O(n²).
 *
 * @param probabilities rows × classes numbers, row after row: the output of softmax
 * @param gradient rows × classes numbers: ∂loss/∂probability
 * @param classes length of a row; default: everything is one row
 * @returns rows × classes numbers: ∂loss/∂logit
 * @throws KelvinError INVALID_ARGUMENT where the shapes do not fit
 * @example
 * import { softmaxBackward } from 'kelvin/sampling';
 * Array.from(softmaxBackward([0.5, 0.5], [1, 0])); // => [0.25, -0.25]
 */
export function softmaxBackward(
  probabilities: ArrayLike<number>,
  gradient: ArrayLike<number>,
  classes = probabilities.length,
): Float64Array {
  checkSameLength(probabilities, gradient, 'probabilities and gradient differ in length');
  const rows = countRows(probabilities.length, classes);
  const result = new Float64Array(probabilities.length);
  for (let row = 0; row < rows; row++) {
    const start = row * classes;
    const end = start + classes;
    let mean = 0;
    for (let i = start; i < end; i++) mean += gradient[i] * probabilities[i];
    for (let i = start; i < end; i++) result[i] = probabilities[i] * (gradient[i] - mean);
  }
  return result;
}
