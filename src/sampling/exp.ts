const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;
const OVERFLOW = 709.782712893384;
/** Below it e^x is 0. */
export const UNDERFLOW = -745.1332191019411;
/** 2^0 … 2^1023, exact: every entry is one doubling of the one before. */
const POWERS = new Float64Array(1024).fill(1);
for (let n = 1; n < POWERS.length; n++) POWERS[n] = 2 * POWERS[n - 1];

function scaleByPowerOfTwo(y: number, k: number): number {
  if (k > 1023) return y * 2 * POWERS[k - 1];
  if (k >= 0) return y * POWERS[k];
  if (k >= -1021) return y / POWERS[-k];
  // Two exact-scale steps, so that a subnormal result is rounded once, at the last step.
  return y / POWERS[54] / POWERS[-k - 54];
}

/**
 * e^x in Float64, the same bits on every engine and processor.
 *
 * `Math.exp` is implementation-defined in ECMAScript, so a token decided through it could differ
 * between two browsers; this one uses only operations IEEE 754 makes exact. Error below 1 ulp.
 * A port of FreeBSD's `e_exp.c` (fdlibm, Sun Microsystems 1993): x = k·ln2 + r, then a rational
 * approximation of e^r on |r| ≤ ln2/2.
 *
 * @param x any number; NaN gives NaN, above 709.78 Infinity, below −745.13 zero
 * @example
 * import { exp } from 'kelvin/sampling';
 * exp(0.5); // => 1.6487212707001282
 * exp(-Infinity); // => 0
 */
export function exp(x: number): number {
  // NaN too. Infinity and 0 are computed: where constants are among a function's results, engines
  // put each of its results on the heap.
  if (!(x <= OVERFLOW)) return x * Infinity;
  if (x < UNDERFLOW) return -1 / (x * Infinity);
  const size = Math.abs(x);
  if (size < 1 / 0x10000000) return 1 + x;

  let k = 0;
  let high = x;
  let low = 0;
  if (size > 0.5 * Math.LN2) {
    k = Math.trunc(Math.LOG2E * x + (x < 0 ? -0.5 : 0.5));
    high = x - k * LN2_HIGH;
    low = k * LN2_LOW;
  }
  const r = high - low;
  const t = r * r;
  const c =
    r -
    t *
      (0.16666666666666602 +
        t *
          (-0.0027777777777015593 +
            t * (6.613756321437934e-5 + t * (-1.6533902205465252e-6 + t * 4.1381367970572385e-8))));
  if (k === 0) return 1 - ((r * c) / (c - 2) - r);
  return scaleByPowerOfTwo(1 - (low - (r * c) / (2 - c) - high), k);
}
