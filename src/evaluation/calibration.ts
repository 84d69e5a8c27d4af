import { checkInteger } from '../sampling/check.ts';
import { KelvinError } from '../sampling/error.ts';
import { exp } from '../sampling/exp.ts';
import { argmax } from '../sampling/softmax.ts';
import type { CalibrationResult, Fit } from './calibration-result.ts';
import { Depths } from './depths.ts';
import { reliabilityOf } from './reliability.ts';
import { type Slopes, temperatureInterval } from './temperature-interval.ts';

/** A step of Newton's method changes the temperature by this factor at the most. */
const STRIDE = 8;
const STEPS = 200;
/** A step that changes it by a smaller part ends the search. */
const ENOUGH = 1e-10;

/** A place in a text: the row's depths, its token's, and whether that is the first choice. */
interface Place {
  readonly depths: Depths;
  readonly depth: number;
  readonly correct: boolean;
}

/**
 * Finds the temperature at which a model explains a text best: the τ that minimises the mean
 * negative log-likelihood of softmax(z/τ) ("temperature scaling", Guo et al. 2017).
 *
 * In β = 1/τ the loss is convex, Σ ln Σ e^(βz) − βz_target. Its gradient is that of the cross
 * entropy in the logits, q − onehot, carried to β by z: E_q[z] − z_target; the second derivative
 * is softmax's own, Var_q(z). Newton's method follows it, within a bracket.
 *
 * Rows can come from anywhere, one after the other; none is kept. Of each a few hundred bins of
 * its logits stay, about 8 KB of a large vocabulary, which know the loss to 1e-6 nat.
 *
 * @example
 * import { Calibration } from 'kelvin/evaluation';
 * const text = new Calibration();
 * // The model gives the token 3 to 1; it comes up 9 times in 12.
 * const logits = Float32Array.of(2 * Math.log(3), 0);
 * for (let i = 0; i < 12; i++) text.add(logits, i < 9 ? 0 : 1);
 * text.fit().temperature.toFixed(6); // => '2.000000'
 */
export class Calibration {
  readonly #places: Place[] = [];

  /** How many tokens were added. */
  get length(): number {
    return this.#places.length;
  }

  /**
   * Adds a token of the text.
   *
   * @param logits n numbers, finite or −Infinity; not changed, and free to be written over
   * @param target the token that follows, an index of a finite logit
   * @throws KelvinError INVALID_LOGITS, INVALID_ARGUMENT; nothing is added
   */
  add(logits: Float32Array, target: number): void {
    const depths = new Depths(logits);
    checkInteger('target', target, 0, logits.length - 1);
    if (logits[target] === -Infinity)
      throw new KelvinError(
        'INVALID_ARGUMENT',
        `target must have a finite logit, got ${target} with -Infinity: no temperature allows it`,
      );
    const first = argmax(logits);
    const depth = logits[first] - logits[target];
    this.#places.push({ depths, depth, correct: first === target });
  }

  /**
   * The best temperature for all that was added, with loss and reliability before and after.
   *
   * @throws KelvinError INVALID_ARGUMENT where nothing was
   */
  fit(): CalibrationResult {
    if (this.#places.length === 0)
      throw new KelvinError('INVALID_ARGUMENT', 'calibration needs at least one token, got none');
    const end = this.#end();
    const temperature = end ?? this.#descend();
    const slopes = this.#places.map((place) => slopesOf(place, temperature));
    return {
      temperature,
      interval: end === undefined ? temperatureInterval(temperature, slopes) : undefined,
      slope: this.#slopes(temperature).first,
      before: this.#fitAt(1),
      after: this.#fitAt(temperature),
    };
  }

  /** The temperature where the loss has no least value between 0 and Infinity. */
  #end(): number | undefined {
    if (this.#places.every(({ depths }) => depths.range === undefined)) return 1;
    if (this.#places.every(({ depth }) => depth === 0)) return 0;
    const excess = this.#places.reduce((sum, { depths, depth }) => sum + depth - depths.mean, 0);
    return excess >= 0 ? Infinity : undefined;
  }

  #descend(): number {
    let low = 0;
    let high = Infinity;
    let temperature = 1;
    for (let step = 0; step < STEPS; step++) {
      const { first, second } = this.#slopes(temperature);
      if (first > 0) high = temperature;
      else low = temperature;
      // Newton's step in 1/τ, whose second derivative is never negative, as one in τ.
      const factor = 1 / (1 + first / second);
      const bounded = factor > 0 ? Math.min(STRIDE, Math.max(1 / STRIDE, factor)) : STRIDE;
      const next = temperature * bounded;
      const last = temperature;
      temperature = next > low && next < high ? next : (low + high) / 2;
      if (Math.abs(temperature - last) <= ENOUGH * last) break;
    }
    return temperature;
  }

  /** Of the mean loss. */
  #slopes(temperature: number): Slopes {
    let first = 0;
    let second = 0;
    for (const place of this.#places) {
      const own = slopesOf(place, temperature);
      first += own.first;
      second += own.second;
    }
    return { first: first / this.#places.length, second: second / this.#places.length };
  }

  #fitAt(temperature: number): Fit {
    let loss = 0;
    const guesses = this.#places.map(({ depths, depth, correct }) => {
      const { logPartition } = depths.at(temperature);
      loss += logPartition + scaled(depth, temperature);
      return { confidence: exp(-logPartition), correct };
    });
    return { loss: loss / this.#places.length, ...reliabilityOf(guesses) };
  }
}

/** depth/τ, also where both are 0. */
const scaled = (depth: number, temperature: number) => (depth === 0 ? 0 : depth / temperature);

/** Of one token's loss. */
function slopesOf({ depths, depth }: Place, temperature: number): Slopes {
  const { mean, variance } = depths.at(temperature);
  return { first: mean - scaled(depth, temperature), second: variance };
}
