const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const TWO_54 = 0x40000000000000;
const SMALLEST_NORMAL = 2.2250738585072014e-308;
const bits = new DataView(new ArrayBuffer(8));

/**
 * ln x in Float64, the same bits on every engine and processor (see {@link exp} for why).
 * Error below 1 ulp. A port of FreeBSD's `e_log.c` (fdlibm, Sun Microsystems 1993):
 * x = 2^k·(1 + f) with √½ < 1 + f < √2, then a minimax polynomial in s = f / (2 + f).
 *
 * @param x any number; 0 gives −Infinity, a negative number or NaN gives NaN
 * @example
 * import { log } from 'kelvin/sampling';
 * log(10); // => 2.302585092994046
 * log(0); // => -Infinity
 */
export function log(x: number): number {
  if (x === 0) return -Infinity;
  if (!(x > 0)) return Number.NaN;
  if (x === Infinity) return x;

  const subnormal = x < SMALLEST_NORMAL;
  bits.setFloat64(0, subnormal ? x * TWO_54 : x);
  const top = bits.getInt32(0);
  const fraction = top & 0xfffff;
  const carry = (fraction + 0x95f64) & 0x100000;
  const k = (top >> 20) - 1023 + (carry >> 20) - (subnormal ? 54 : 0);
  bits.setInt32(0, fraction | (carry ^ 0x3ff00000));
  const f = bits.getFloat64(0) - 1;

  if ((0xfffff & (2 + fraction)) < 3) {
    // |f| < 2^-20: the short series is exact enough, and f = 0 must give exactly k·ln2.
    const short = f * f * (0.5 - 0.3333333333333333 * f);
    return k * LN2_HIGH - (short - k * LN2_LOW - f);
  }
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const odd =
    z *
    (0.6666666666666735 +
      w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const r = even + odd;
  // Split f²/2 off where f is large enough for its rounding to matter.
  if (((fraction - 0x6147a) | (0x6b851 - fraction)) > 0) {
    const half = 0.5 * f * f;
    return k * LN2_HIGH - (half - (s * (half + r) + k * LN2_LOW) - f);
  }
  return k * LN2_HIGH - (s * (f - r) - k * LN2_LOW - f);
}
