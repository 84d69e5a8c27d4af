/** What is left of the vocabulary, largest score first, equals by id; the arrays are parallel. */
export interface Candidates {
  readonly ids: Int32Array;
  /** Edited logits. */
  readonly scores: Float64Array;
  /** (score − largest) / τ. */
  readonly exponents: Float64Array;
  readonly probabilities: Float64Array;
  /** −ln p; Infinity where the probability underflows beyond what an exponent can say. */
  readonly surprisals: Float64Array;
  /** Nats. */
  readonly entropy: number;
}

/** Sorts ids by score, largest first, equals by id. */
export const largestFirst = (ids: Int32Array, scores: Float64Array): Int32Array =>
  ids.slice().sort((a, b) => scores[b] - scores[a] || a - b);

/**
 * Softmax at a temperature over ids already sorted: p = e^((z − max)/τ) / Σ.
 *
 * @param scores by id
 * @param temperature in (0, Infinity]
 */
export function weigh(ids: Int32Array, scores: Float64Array, temperature: number): Candidates {
  const own = Float64Array.from(ids, (id) => scores[id]);
  const exponents = own.map((score) => (score - own[0]) / temperature);
  const weights = exponents.map((exponent) => Math.exp(exponent));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const probabilities = weights.map((weight) => weight / total);
  const surprisals = exponents.map((exponent) => Math.log(total) - exponent);
  // p ln p tends to 0 with p.
  const entropy = probabilities.reduce((sum, p, at) => sum + (p > 0 ? p * surprisals[at] : 0), 0);
  return { ids, scores: own, exponents, probabilities, surprisals, entropy };
}
