import { checkLogits, checkRow } from '../sampling/check.ts';
import { OnlineSoftmax } from '../sampling/online-softmax.ts';
import { checkTemperature } from './check-temperature.ts';
import { type CurvePoint, TEMPERATURES } from './temperature-curve.ts';

/**
 * What {@link temperatureCurve} gives, one exponential per token and temperature: exact up to the
 * rounding of Float64, below 1e-9 nat for logits of up to 1e4. Takes a hundred times as long.
 *
 * @param logits n numbers, finite or −Infinity, at least one finite
 * @param temperatures each in [0, Infinity]; default: 24 from 0 over 1 to Infinity
 * @throws KelvinError INVALID_LOGITS, INVALID_ARGUMENT
 * @example
 * import { exactTemperatureCurve } from 'kelvin/evaluation';
 * exactTemperatureCurve(Float32Array.of(1, 1), [1])[0].coherence; // => -0.6931471805599453
 */
export function exactTemperatureCurve(
  logits: Float32Array,
  temperatures: readonly number[] = TEMPERATURES,
): CurvePoint[] {
  checkRow(logits);
  const max = checkLogits(logits);
  const depths = Float64Array.from(logits, (z) => z - max).filter((depth) => depth > -Infinity);
  const top = -new OnlineSoftmax().push(depths).logSumExp;
  return temperatures.map((temperature) => {
    checkTemperature(temperature);
    if (temperature === 0) return { temperature, diversity: 0, coherence: top };
    if (temperature === Infinity) {
      const mean = depths.reduce((sum, depth) => sum + depth / depths.length, 0);
      return { temperature, diversity: Math.log(depths.length), coherence: top + mean };
    }
    const { entropy, mean } = new OnlineSoftmax().push(depths.map((depth) => depth / temperature));
    return { temperature, diversity: entropy, coherence: top + temperature * mean };
  });
}
