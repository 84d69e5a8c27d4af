import type { Glyphs } from '../line.ts';
import { signs } from './signs.ts';

const SIGNIFICANT = 3;

/** Three digits; above 99.95 % as many as say that it is not all. */
function fixed(percentage: number): string {
  if (percentage >= 99.95) return (Math.floor(percentage * 100) / 100).toFixed(2);
  if (percentage >= 9.995) return percentage.toFixed(1);
  if (percentage >= 0.9995) return percentage.toFixed(2);
  return percentage.toFixed(percentage >= 0.09995 ? 3 : 4);
}

/** 1.5e-7, with as many of three digits as it needs. */
const scientific = (value: number, digits: number): string =>
  value.toExponential(digits - 1).replace(/\.?0*e/, 'e');

/**
 * A probability in per cent, without the sign: three significant digits. 100 is all and 0 is
 * nothing; everything between is neither.
 *
 * @param probability in [0, 1]; a rounding error above 1 is 1
 * @param width cells it may take, ≥ 5; fewer digits where it needs more, and `<1e-9` at last
 * `percent(0.245)` is '24.5', `percent(1e-9)` '1e-7'.
 */
export function percent(probability: number, width = 9): string {
  if (probability >= 1) return '100';
  if (probability === 0) return '0';
  const percentage = probability * 100;
  if (percentage >= 0.009995) {
    const text = fixed(percentage);
    return text.length <= width ? text : text.slice(0, width);
  }
  for (let digits = SIGNIFICANT; digits >= 1; digits--) {
    const text = scientific(percentage, digits);
    if (text.length <= width) return text;
  }
  return '<1e-9';
}

/** A number with its sign as the glyphs have it; `∞` where it is infinite. */
export function decimal(value: number, digits: number, glyphs: Glyphs): string {
  const { minus, infinity } = signs(glyphs);
  const size = Number.isFinite(value) ? Math.abs(value).toFixed(digits) : infinity;
  // What rounds to 0 has no sign.
  return value < 0 && Number(size) !== 0 ? minus + size : size;
}

/** A size ≥ 0 in three digits as far as they say something: 6.31, 33.6, 4810. */
export function magnitude(value: number, glyphs: Glyphs): string {
  if (value >= 1e6 && Number.isFinite(value)) return value.toExponential(2).replace('e+', 'e');
  return decimal(value, value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2, glyphs);
}

/** Bits of so many nats. */
export const bits = (nats: number): number => nats / Math.LN2;
