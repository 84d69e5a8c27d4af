/**
 * A number as short as it can be read: so many decimals, and an exponent where those would show
 * nothing of it. −∞, ∞ and a dash for what is no number.
 */
export function numberText(value: number, decimals = 2): string {
  if (Number.isNaN(value)) return '–';
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  const isTiny = size > 0 && size < 0.5 * 10 ** -decimals;
  const text = isTiny || size >= 1e6 ? size.toExponential(1) : size.toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}
