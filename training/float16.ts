/** float32 to float16 bits, rounded to nearest, ties to even; too large becomes infinite. */
export function toFloat16(values: Float32Array): Uint16Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, (x) => {
    const sign = (x >>> 16) & 0x8000;
    const exponent = ((x >>> 23) & 0xff) - 112;
    const fraction = x & 0x7fffff;
    if (exponent >= 31) return sign | (exponent === 143 && fraction ? 0x7e00 : 0x7c00);
    if (exponent < -10) return sign;
    const whole = exponent > 0 ? (exponent << 23) | fraction : fraction | 0x800000;
    const shift = exponent > 0 ? 13 : 14 - exponent;
    const rest = whole & ((1 << shift) - 1);
    const half = 1 << (shift - 1);
    const cut = whole >>> shift;
    return sign | (cut + (rest > half || (rest === half && cut & 1) ? 1 : 0));
  });
}
