import { exp } from './exp.ts';
import { log } from './log.ts';

/**
 * Tokens with their unnormalised probabilities. Immutable: a stage returns a
 * new one. The four arrays are parallel; `weights[i] / total` is the probability of `ids[i]`.
 */
export interface Weighed {
  /** Token ids, ascending. */
  readonly ids: Int32Array;
  /** Edited logit of each: what "largest" means to every filter (ties: lowest id). */
  readonly scores: Float64Array;
  /** (score − max) / τ of each, ≤ 0. */
  readonly exponents: Float64Array;
  /** exp(exponent) of each, in [0, 1]. */
  readonly weights: Float64Array;
  /** Sum of the weights in id order. */
  readonly total: number;
}

/** Weighs tokens by e^((score − max) / τ); the shift by the maximum rules out overflow. */
export function weigh(ids: Int32Array, scores: Float64Array, temperature: number): Weighed {
  let max = -Infinity;
  for (const score of scores) if (score > max) max = score;
  const exponents = new Float64Array(scores.length);
  const weights = new Float64Array(scores.length);
  let total = 0;
  for (let at = 0; at < scores.length; at++) {
    exponents[at] = (scores[at] - max) / temperature;
    weights[at] = exp(exponents[at]);
    total += weights[at];
  }
  return { ids, scores, exponents, weights, total };
}

/** The tokens at the given ascending positions; dividing by the new total renormalises. */
export function retain(tokens: Weighed, positions: Int32Array): Weighed {
  const ids = new Int32Array(positions.length);
  const scores = new Float64Array(positions.length);
  const exponents = new Float64Array(positions.length);
  const weights = new Float64Array(positions.length);
  let total = 0;
  for (let at = 0; at < positions.length; at++) {
    const from = positions[at];
    ids[at] = tokens.ids[from];
    scores[at] = tokens.scores[from];
    exponents[at] = tokens.exponents[from];
    weights[at] = tokens.weights[from];
    total += weights[at];
  }
  return { ids, scores, exponents, weights, total };
}

/** 0 … count−1. */
export function range(count: number): Int32Array {
  const positions = new Int32Array(count);
  for (let at = 0; at < count; at++) positions[at] = at;
  return positions;
}

/** The ascending positions that pass a test. */
export function positionsWhere(count: number, keep: (at: number) => boolean): Int32Array {
  const positions = new Int32Array(count);
  let kept = 0;
  for (let at = 0; at < count; at++) if (keep(at)) positions[kept++] = at;
  return positions.subarray(0, kept);
}

/** Entropy in nats: ln Σw − Σ w·y / Σw with w = e^y. */
export function entropyOf({ weights, exponents, total }: Weighed): number {
  let moment = 0;
  for (let i = 0; i < weights.length; i++) if (weights[i] > 0) moment += weights[i] * exponents[i];
  return Math.max(0, log(total) - moment / total);
}
