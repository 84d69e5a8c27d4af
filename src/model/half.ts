/**
 * Half-precision numbers (IEEE 754 binary16) to floats.
 *
 * @param halves their bits: a Uint16Array, or the Float16Array that newer Node versions have
 */
export function floatsFromHalves(halves: ArrayBufferView & { length: number }): Float32Array {
  return Float32Array.from(bitsOf(halves), (half) => TABLE[half]!);
}

/** The bits of half-precision numbers, in whichever array they are. */
export const bitsOf = (halves: ArrayBufferView & { length: number }): Uint16Array =>
  new Uint16Array(halves.buffer, halves.byteOffset, halves.length);

// All 65,536 values: a row of logits is then one look-up per entry.
const TABLE = Float32Array.from({ length: 0x10000 }, (_, half) => {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
});
