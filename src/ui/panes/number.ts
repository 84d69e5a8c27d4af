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
