const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INFINITE = /^([+-]?)inf(inity)?$/i;

/** A number as people write it, `inf` included; anything else stays the text it is. */
export function numeral(text: string): number | string {
  const infinite = INFINITE.exec(text);
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (!DECIMAL.test(text)) return text;
  // An integer that no double holds must be refused as it was written, not as it was rounded.
  const rounded = /^[+-]?\d{16}/.test(text) && !Number.isSafeInteger(Number(text));
  return rounded || /^[+-]?\d{15,}\.\d*[1-9]/.test(text) ? text : Number(text);
}
