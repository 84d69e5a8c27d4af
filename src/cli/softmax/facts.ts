import { entropy } from '../../sampling/entropy.ts';
import { softmaxJacobian } from '../../sampling/gradients.ts';
import { oneHot } from '../../sampling/loss.ts';
import { argmax, logSoftmax, softmax, standardNormalization } from '../../sampling/softmax.ts';

const TEMPERATURES = [0, 0.5, 1, 2, Infinity];

/** What softmax makes of some numbers. */
export interface SoftmaxFacts {
  readonly numbers: readonly number[];
  readonly temperature: number;
  readonly softmax: readonly number[];
  /** x / Σx; null where the sum is 0 or not finite. */
  readonly standardNormalization: readonly number[] | null;
  readonly argmax: number;
  readonly oneHot: readonly number[];
  /** Nats. */
  readonly entropy: number;
  readonly target?: TargetFacts;
  /** ∂softmax_i / ∂number_j by rows; null at temperature 0, where softmax jumps. */
  readonly jacobian?: readonly (readonly number[])[] | null;
  readonly temperatures: readonly TemperatureFacts[];
}

interface TargetFacts {
  readonly index: number;
  /** −ln softmax of it. */
  readonly negativeLogLikelihood: number;
  /** Its derivative in the numbers; null at temperature 0. */
  readonly gradient: readonly number[] | null;
}

interface TemperatureFacts {
  readonly temperature: number;
  readonly softmax: readonly number[];
  readonly entropy: number;
}

/**
 * @param numbers finite or −Infinity, at least one finite
 * @param target an index, where there is a truth
 */
export function softmaxFacts(
  numbers: readonly number[],
  temperature: number,
  { target, jacobian }: { readonly target?: number; readonly jacobian?: boolean },
): SoftmaxFacts {
  const probabilities = softmax(numbers, temperature);
  const best = argmax(numbers);
  return {
    numbers,
    temperature,
    softmax: Array.from(probabilities),
    standardNormalization: standard(numbers),
    argmax: best,
    oneHot: Array.from(oneHot(best, numbers.length)),
    entropy: entropy(probabilities),
    target: target === undefined ? undefined : targetFacts(numbers, temperature, target),
    jacobian: jacobian ? scaled(softmaxJacobian(probabilities), temperature) : undefined,
    temperatures: TEMPERATURES.map((temperature) => {
      const softened = softmax(numbers, temperature);
      return { temperature, softmax: Array.from(softened), entropy: entropy(softened) };
    }),
  };
}

function targetFacts(numbers: readonly number[], temperature: number, target: number): TargetFacts {
  const truth = oneHot(target, numbers.length);
  const difference = softmax(numbers, temperature).map((p, i) => p - truth[i]);
  return {
    index: target,
    negativeLogLikelihood: -logSoftmax(numbers, temperature)[target],
    gradient: scaled([difference], temperature)?.[0] ?? null,
  };
}

// Numbers are divided by the temperature before softmax sees them: so is every derivative.
function scaled(rows: readonly Float64Array[], temperature: number): number[][] | null {
  if (temperature === 0) return null;
  return rows.map((row) => Array.from(row, (value) => value / temperature));
}

function standard(numbers: readonly number[]): number[] | null {
  const total = numbers.reduce((sum, value) => sum + value, 0);
  if (total === 0 || !Number.isFinite(total)) return null;
  return Array.from(standardNormalization(numbers));
}
