import type { Passes } from './passes.ts';

// The twin of kernel.as in plain Float32 arithmetic: same operations, same order, four lanes. It
// runs where SIMD is missing, so that a seed means the same there, and it is what the kernel is
// tested against bit for bit.

const { fround } = Math;
/** Coefficients of 2^f lowest first, from the linear one on; 1; and 1.5 · 2^23, which rounds. */
export const CONSTANTS = Float32Array.of(
  0.69314696707,
  0.24022119724,
  0.055507132735,
  0.0096755413342,
  0.0013276471979,
  1,
  12582912,
);
const [C1, C2, C3, C4, C5, , ROUND] = CONSTANTS;
const SMALLEST = 1.1754943508222875e-38;
const LOWEST = -3.4028234663852886e38;

/** The two readings of a weight while its exponent is put in. */
const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** log2 of a weight, as `exponent` in kernel.as. */
function exponent(x: number, max: number, scale: number): number {
  return Math.max(-126, fround(Math.max(LOWEST, fround(x - max)) * scale));
}

function power(y: number): number {
  const t = fround(y + ROUND);
  const f = fround(y - fround(t - ROUND));
  const ff = fround(f * f);
  const high = fround(fround(C5 * f) + C4);
  const middle = fround(fround(C3 * f) + C2);
  const low = fround(fround(C1 * f) + 1);
  const p = fround(fround(fround(fround(high * ff) + middle) * ff) + low);
  float[0] = t;
  const shifted = bits[0] << 23;
  float[0] = p;
  bits[0] += shifted;
  return float[0];
}

// biome-ignore lint/complexity/useMathMinMax: NaN must not win, and of 0 and -0 the first stays
const pmax = (a: number, b: number) => (a < b ? b : a);

// biome-ignore lint/complexity/useMathMinMax: as above
const pmin = (a: number, b: number) => (b < a ? b : a);

/** Σ over four lanes in Float64, as `sum` in kernel.as. */
const sum = (lanes: Float32Array) => lanes[0] + lanes[1] + (lanes[2] + lanes[3]);

/**
 * The passes without WebAssembly.
 *
 * @param buffer the kernel's memory
 */
export function emulatedPasses(buffer: ArrayBufferLike): Passes {
  const f32 = new Float32Array(buffer);
  const f64 = new Float64Array(buffer);
  const i32 = new Int32Array(buffer);
  const sixteen = new Float32Array(16);
  const z = new Float32Array(4);
  const s = new Float32Array(4);
  const k = new Float32Array(4);

  const passes: Passes = {
    scan(row, maxima, minima, length, block) {
      let top = -Infinity;
      let dead = 0;
      let low = Infinity;
      let finite = 0;
      sixteen.fill(0);
      for (let first = row >> 2; first < (row >> 2) + length; first += block) {
        z.fill(-Infinity);
        s.fill(Infinity);
        for (let at = first; at < first + block; at += 16) {
          for (let lane = 0; lane < 4; lane++) {
            const [a, b, c, d] = [
              f32[at + lane],
              f32[at + lane + 4],
              f32[at + lane + 8],
              f32[at + lane + 12],
            ];
            z[lane] = pmax(z[lane], pmax(pmax(a, b), pmax(c, d)));
            s[lane] = pmin(s[lane], pmin(pmin(a, b), pmin(c, d)));
          }
          for (let lane = 0; lane < 16; lane++) sixteen[lane] += f32[at + lane];
        }
        const best = pmax(pmax(z[0], z[2]), pmax(z[1], z[3]));
        const least = pmin(pmin(s[0], s[2]), pmin(s[1], s[3]));
        f32[maxima >> 2] = best;
        f32[minima >> 2] = least;
        if (least === -Infinity)
          for (let at = first; at < first + block; at++) if (f32[at] === -Infinity) dead++;
        maxima += 4;
        minima += 4;
        top = pmax(top, best);
        if (best === -Infinity) continue;
        finite++;
        if (best < low) low = best;
      }
      f64[0] = 0;
      for (let lane = 0; lane < 4; lane++) {
        const half = fround(sixteen[lane] + sixteen[lane + 4]);
        if (Number.isNaN(half + fround(sixteen[lane + 8] + sixteen[lane + 12]))) f64[0] = 1;
      }
      f64[1] = dead;
      f64[2] = low;
      f64[3] = finite;
      return top;
    },

    weigh(row, maxima, _minima, weights, sums, length, block, max, scale, negligible) {
      let total = 0;
      let moment = 0;
      for (let first = 0; first < length; first += block, maxima += 4, sums += 8) {
        const skip = f32[maxima >> 2] < negligible;
        z.fill(0);
        s.fill(0);
        for (let id = first; id < first + block; id++) {
          const x = f32[(row >> 2) + id];
          const y = exponent(x, max, scale);
          const e = x > -Infinity ? (skip ? SMALLEST : power(y)) : 0;
          f32[(weights >> 2) + id] = e;
          z[id & 3] += e;
          s[id & 3] += fround(e * y);
        }
        f64[sums >> 3] = skip ? 0 : sum(z);
        if (skip) continue;
        total += sum(z);
        moment += sum(s);
      }
      f64[0] = moment;
      return total;
    },

    total(row, maxima, minima, length, block, max, scale, negligible) {
      // Compared with itself: any row will do where the share is not asked for.
      return passes.share(row, maxima, minima, row, length, block, max, scale, negligible, 0);
    },

    share(row, maxima, _minima, kept, length, block, max, scale, negligible, above) {
      let total = 0;
      let moment = 0;
      let share = 0;
      for (let first = 0; first < length; first += block, maxima += 4) {
        if (f32[maxima >> 2] < negligible) continue;
        z.fill(0);
        s.fill(0);
        k.fill(0);
        for (let id = first; id < first + block; id++) {
          const x = f32[(row >> 2) + id];
          const y = exponent(x, max, scale);
          const e = x > -Infinity ? power(y) : 0;
          z[id & 3] += e;
          s[id & 3] += fround(e * y);
          k[id & 3] += f32[(kept >> 2) + id] > above ? e : 0;
        }
        total += sum(z);
        moment += sum(s);
        share += sum(k);
      }
      f64[0] = moment;
      f64[1] = share;
      return total;
    },

    gather(row, maxima, ids, length, block, low) {
      let found = 0;
      for (let first = 0; first < length; first += block, maxima += 4) {
        if (!(f32[maxima >> 2] >= low)) continue;
        for (let id = first; id < first + block; id++)
          if (f32[(row >> 2) + id] >= low) i32[(ids >> 2) + found++] = id;
      }
      return found;
    },

    count(row, _maxima, length, _block, low) {
      let found = 0;
      for (let at = row >> 2; at < (row >> 2) + length; at++) if (f32[at] >= low) found++;
      return found;
    },

    tally(values, length, low) {
      let found = 0;
      for (let at = values >> 2; at < (values >> 2) + length; at++) if (f32[at] >= low) found++;
      return found;
    },

    between(row, maxima, weights, ids, length, block, low, high) {
      let found = 0;
      let above = 0;
      for (let first = 0; first < length; first += block, maxima += 4) {
        if (!(f32[maxima >> 2] >= low)) continue;
        z.fill(0);
        for (let id = first; id < first + block; id++) {
          const x = f32[(row >> 2) + id];
          const e = f32[(weights >> 2) + id];
          if (x >= high) z[id & 3] += e;
          else if (x >= low && e > 0) i32[(ids >> 2) + found++] = id;
        }
        above += sum(z);
      }
      f64[0] = above;
      return found;
    },

    cut(row, weights, sums, length, block, max, scale, low) {
      let total = 0;
      let moment = 0;
      let left = 0;
      for (let first = 0; first < length; first += block, sums += 8) {
        z.fill(0);
        s.fill(0);
        for (let id = first; id < first + block; id++) {
          const x = f32[(row >> 2) + id];
          const at = (weights >> 2) + id;
          if (!(x >= low)) f32[at] = 0;
          const e = f32[at];
          z[id & 3] += e;
          s[id & 3] += fround(e * exponent(x, max, scale));
          if (e > 0) left++;
        }
        f64[sums >> 3] = sum(z);
        total += sum(z);
        moment += sum(s);
      }
      f64[0] = moment;
      f64[1] = left;
      return total;
    },
  };
  return passes;
}
