import { checkTemperature } from './check-temperature.ts';
import { Depths } from './depths.ts';
import type { TradeOff } from './trade-off.ts';

/** A point of the curve, and the temperature there. */
export interface CurvePoint extends TradeOff {
  readonly temperature: number;
}

/** τ = s/(1 − s), s going evenly from 0 to a half in 12 steps, and from there to 1 in 11. */
export const TEMPERATURES: readonly number[] = Array.from({ length: 24 }, (_, i) =>
  i <= 12 ? i / (24 - i) : (i - 1) / (23 - i),
);

/** Temperatures per depth where weights have come to their ends: e^-800 is 0, e^-1e-10 nearly 1. */
const COLD = 1 / 800;
const HOT = 1e10;
const STEPS = 100;
/** Differences in entropy that are rounding. */
const ENOUGH = 1e-13;
/** How far above the curve a point on it may come to lie by what {@link Depths} leaves out. */
const ERROR = 1e-5;

/**
 * The temperature curve of one row of logits: the diversity H(q) and the coherence E_q[ln p] of
 * q = softmax(z/τ) for every temperature, p = softmax(z) being the model itself.
 *
 * It is the upper envelope of what any distribution over the row can have, and its slope is −τ:
 * with A(β) = ln Σ e^(βz), the largest E_q[z] + τ H(q) of all q is that of softmax(z/τ),
 * τ A(1/τ). One more nat of diversity costs τ nats of coherence.
 *
 * Built once per row in a pass over it (O(n)); then each temperature takes microseconds. Of a
 * language model's rows it is within 1e-6 nat of {@link exactTemperatureCurve}, of any row within
 * 1e-5 · max(1, τ).
 *
 * @example
 * import { TemperatureCurve } from 'kelvin/evaluation';
 * const curve = new TemperatureCurve(Float32Array.of(3, 3, -Infinity));
 * curve.at(Infinity).diversity; // => 0.6931471805599453
 */
export class TemperatureCurve {
  readonly #depths: Depths;
  /** ln p of the likeliest token: A(1) of depths is −ln p. */
  readonly #top: number;

  /**
   * @param logits n numbers, finite or −Infinity (no choice at any temperature), one finite
   * @throws KelvinError INVALID_LOGITS
   */
  constructor(logits: Float32Array) {
    this.#depths = new Depths(logits);
    this.#top = -this.#depths.at(1).logPartition;
  }

  /**
   * The point of a temperature: (0, ln of the largest p) at 0, where one token is left, the first
   * maximum; (ln of the finite ones' number, their mean ln p) at Infinity.
   *
   * @param temperature in [0, Infinity]
   * @throws KelvinError INVALID_ARGUMENT
   */
  at(temperature: number): CurvePoint {
    checkTemperature(temperature);
    if (temperature === 0) return { temperature, diversity: 0, coherence: this.#top };
    if (temperature === Infinity) {
      const diversity = Math.log(this.#depths.count);
      return { temperature, diversity, coherence: this.#top - this.#depths.mean };
    }
    const { logPartition, mean } = this.#depths.at(temperature);
    const coherence = this.#top - temperature * mean;
    return { temperature, diversity: logPartition + mean, coherence };
  }

  /**
   * @param temperatures each in [0, Infinity]; default: 24 from 0 over 1 to Infinity
   * @throws KelvinError INVALID_ARGUMENT
   */
  points(temperatures: readonly number[] = TEMPERATURES): CurvePoint[] {
    return temperatures.map((temperature) => this.at(temperature));
  }

  /**
   * How many nats of coherence a point lies below the curve, at its own diversity: what truncation
   * costs beside tempering. 0 for every temperature, within 1e-5 nat; negative only for what is no
   * distribution over the row.
   *
   * The curve's coherence at diversity x is the least of τ A(1/τ) − τ x over τ, found by Newton's
   * method on H(q) = x with dH/d ln τ = Var_q(z/τ), within a bracket.
   */
  gapBelow({ diversity, coherence }: TradeOff): number {
    const gap = this.#height(diversity) - coherence;
    return gap < 0 && gap > -ERROR ? 0 : gap;
  }

  /** The curve's coherence at a diversity. */
  #height(diversity: number): number {
    const { range, ties, count } = this.#depths;
    if (range === undefined || diversity <= Math.log(ties)) return this.#top;
    if (diversity >= Math.log(count)) return this.at(Infinity).coherence;
    let low = Math.log(range[0]) + Math.log(COLD);
    let high = Math.log(range[1]) + Math.log(HOT);
    let place = Math.min(high, Math.max(low, 0));
    let height = Infinity;
    for (let step = 0; step < STEPS; step++) {
      const temperature = Math.exp(place);
      const { logPartition, mean, variance } = this.#depths.at(temperature);
      height = Math.min(height, this.#top + temperature * (logPartition - diversity));
      const excess = logPartition + mean - diversity;
      if (Math.abs(excess) < ENOUGH) break;
      if (excess > 0) high = place;
      else low = place;
      const next = place - excess / variance;
      place = next > low && next < high ? next : (low + high) / 2;
    }
    return height;
  }
}

/**
 * Diversity and coherence of one row of logits over temperatures; see {@link TemperatureCurve}.
 *
 * @param logits n numbers, finite or −Infinity, at least one finite
 * @param temperatures each in [0, Infinity]; default: 24 from 0 over 1 to Infinity
 * @returns a point for each temperature
 * @throws KelvinError INVALID_LOGITS, INVALID_ARGUMENT
 * @example
 * import { temperatureCurve } from 'kelvin/evaluation';
 * temperatureCurve(Float32Array.of(2, 2), [0, 1]).map((point) => point.diversity); // => [0, Math.LN2]
 */
export function temperatureCurve(
  logits: Float32Array,
  temperatures?: readonly number[],
): CurvePoint[] {
  return new TemperatureCurve(logits).points(temperatures);
}

/**
 * How many nats of coherence a point lies below the temperature curve of a row of logits; see
 * {@link TemperatureCurve.gapBelow}.
 *
 * @throws KelvinError INVALID_LOGITS
 * @example
 * import { gapBelowCurve, temperatureCurve } from 'kelvin/evaluation';
 * const logits = Float32Array.of(3, 1, 0);
 * const [point] = temperatureCurve(logits, [1]);
 * gapBelowCurve({ ...point, coherence: point.coherence - 1 }, logits).toFixed(9); // => '1.000000000'
 */
export function gapBelowCurve(point: TradeOff, logits: Float32Array): number {
  return new TemperatureCurve(logits).gapBelow(point);
}
