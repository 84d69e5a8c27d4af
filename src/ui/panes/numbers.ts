import type { Glyphs } from '../line.ts';
import { spell } from './spell.ts';

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

/**
 * A number with so many decimals, or with an exponent where it is too large to be read. −∞, ∞, and
 * a dash for what is no number; what rounds to 0 has no sign.
 */
export function numberText(value: number, decimals = 2): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const text = size >= 1e6 ? size.toExponential(1) : size.toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** The same, but what is not 0 never reads as 0: it has an exponent where decimals show nothing. */
export function smallText(value: number, decimals: number): string {
  const size = Math.abs(value);
  if (!(size > 0 && size < 0.5 * 10 ** -decimals)) return numberText(value, decimals);
  return `${value < 0 ? '−' : ''}${size.toExponential(1)}`;
}

/** As `numberText`, in what the terminal can show. */
export const decimal = (value: number, digits: number, glyphs: Glyphs): string =>
  spell(numberText(value, digits), glyphs);

/** A size ≥ 0 in three digits as far as they say something: 6.31, 33.6, 4810. */
export function magnitude(value: number, glyphs: Glyphs): string {
  if (value >= 1e6 && Number.isFinite(value)) return value.toExponential(2).replace('e+', 'e');
  return decimal(value, value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2, glyphs);
}

/** Bits of so many nats. */
export const bits = (nats: number): number => nats / Math.LN2;
