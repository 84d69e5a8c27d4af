import { checkRow } from '../sampling/check.ts';
import { KelvinError } from '../sampling/error.ts';
import { checkSameLength } from '../sampling/gradients.ts';
import { logSumExp } from '../sampling/softmax.ts';

/** A point of the plane of what a distribution offers and what it keeps, in nats. */
export interface TradeOff {
  /** H(q): the entropy of what is drawn from. */
  readonly diversity: number;
  /** E_q[ln p]: how likely the model itself finds what is drawn, on average. */
  readonly coherence: number;
}

/**
 * Diversity H(q) and coherence E_q[ln p] of a distribution q, p = softmax(logits) being the model
 * itself. As Σ q ln p = −H(q) − KL(q‖p), coherence is −diversity for q = p alone, and less for
 * all others.
 *
 * @param probabilities n numbers ≥ 0 that sum to 1, such as `sampler.probabilities(logits)`
 * @param logits n numbers, finite or −Infinity, at least one finite
 * @returns coherence −Infinity where q allows what p excludes
 * @throws KelvinError INVALID_LOGITS, INVALID_ARGUMENT
 * @example
 * import { tradeOff } from 'kelvin/evaluation';
 * tradeOff([0.5, 0.5], Float32Array.of(0, 0)); // => { diversity: Math.LN2, coherence: -Math.LN2 }
 */
export function tradeOff(
  probabilities: Float64Array | readonly number[],
  logits: Float32Array,
): TradeOff {
  checkRow(logits);
  checkSameLength(probabilities, logits, 'probabilities and logits differ in length');
  const total = logSumExp(logits);
  let diversity = 0;
  let coherence = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const q = probabilities[i];
    if (!(q >= 0))
      throw new KelvinError(
        'INVALID_ARGUMENT',
        `probabilities must be numbers ≥ 0, got ${q} at index ${i}`,
      );
    if (q > 0) {
      // Nothing is drawn by it, so the engine's own, which is faster, will do.
      diversity -= q * Math.log(q);
      coherence += q * (logits[i] - total);
    }
  }
  return { diversity, coherence };
}
