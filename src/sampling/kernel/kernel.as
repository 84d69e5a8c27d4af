// The passes over a whole vocabulary: AssemblyScript to 128-bit WebAssembly SIMD (not relaxed, so
// the same bits on every machine). passes.ts says what each one does; emulation.ts is its twin,
// operation for operation: change both or neither.

/** Where a pass leaves what it does not return: Float64 slots at address 0. */
@inline function result(slot: i32, value: f64): void { store<f64>(slot << 3, value); }

// 2^f on [-1/2, 1/2], minimax in relative error (Remez), the constant term held at exactly 1.
// 1.5 * 2^23 is there to be added: it rounds a small number to an integer in the low bits. All of
// them come out of memory, where the host has put them, as an engine builds a literal vector anew
// in every turn of a loop.
const CONSTANTS: usize = 64;
@inline function constant(index: i32): v128 { return v128.load_splat<f32>(CONSTANTS + (index << 2)); }

const FLOOR: f32 = -126.0;
const LOWEST: f32 = -3.4028234663852886e38;
const SMALLEST: f32 = 1.1754943508222875e-38;

/** 2^y for y in [-126, 0]. */
@inline function power(y: v128, c1: v128, c2: v128, c3: v128, c4: v128, c5: v128, one: v128, round: v128): v128 {
  const t = f32x4.add(y, round);
  const f = f32x4.sub(y, f32x4.sub(t, round));
  // Estrin's order: a shorter chain of operations that wait for each other than Horner's.
  const ff = f32x4.mul(f, f);
  const high = f32x4.add(f32x4.mul(c5, f), c4);
  const middle = f32x4.add(f32x4.mul(c3, f), c2);
  const low = f32x4.add(f32x4.mul(c1, f), one);
  const p = f32x4.add(f32x4.mul(f32x4.add(f32x4.mul(high, ff), middle), ff), low);
  return i32x4.add(p, i32x4.shl(t, 23));
}

/**
 * log2 of a weight; -126 where that is less. Scores further apart than Float32 reaches count as
 * that far apart: at an infinite temperature even they weigh the same.
 *
 * @param clamp false where no score of the block is that low
 */
@inline function exponent(x: v128, max: v128, scale: v128, clamp: bool): v128 {
  const distance = f32x4.sub(x, max);
  if (!clamp) return f32x4.mul(distance, scale);
  return f32x4.pmax(f32x4.splat(FLOOR), f32x4.mul(f32x4.pmax(f32x4.splat(LOWEST), distance), scale));
}

/** The four lanes summed in Float64: (a + b) + (c + d). */
@inline function sum(v: v128): f64 {
  return (<f64>f32x4.extract_lane(v, 0) + <f64>f32x4.extract_lane(v, 1)) +
    (<f64>f32x4.extract_lane(v, 2) + <f64>f32x4.extract_lane(v, 3));
}

@inline function count4(v: v128): i32 {
  return i32x4.extract_lane(v, 0) + i32x4.extract_lane(v, 1) + i32x4.extract_lane(v, 2) + i32x4.extract_lane(v, 3);
}

// Without branches, as which lane is the largest cannot be predicted.

@inline function max4(v: v128): v128 {
  const pairs = f32x4.pmax(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1));
  return f32x4.pmax(pairs, v128.shuffle<i32>(pairs, pairs, 1, 0, 3, 2));
}

@inline function min4(v: v128): v128 {
  const pairs = f32x4.pmin(v, v128.shuffle<i32>(v, v, 2, 3, 0, 1));
  return f32x4.pmin(pairs, v128.shuffle<i32>(pairs, pairs, 1, 0, 3, 2));
}

export function scan(row: usize, maxima: usize, minima: usize, length: i32, block: i32): f32 {
  const none = f32x4.splat(-Infinity);
  const all = f32x4.splat(Infinity);
  // The sums are NaN if there is one; four of them, as an addition takes longer than a comparison.
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let dead = i32x4.splat(0);
  let finite = i32x4.splat(0);
  let top = none;
  let low = all;
  const end = row + (length << 2);
  const bytes = block << 2;
  while (row < end) {
    let max = none;
    let min = all;
    const stop = row + bytes;
    for (; row < stop; row += 64) {
      const a = v128.load(row);
      const b = v128.load(row, 16);
      const c = v128.load(row, 32);
      const d = v128.load(row, 48);
      max = f32x4.pmax(max, f32x4.pmax(f32x4.pmax(a, b), f32x4.pmax(c, d)));
      min = f32x4.pmin(min, f32x4.pmin(f32x4.pmin(a, b), f32x4.pmin(c, d)));
      s0 = f32x4.add(s0, a);
      s1 = f32x4.add(s1, b);
      s2 = f32x4.add(s2, c);
      s3 = f32x4.add(s3, d);
    }
    max = max4(max);
    min = min4(min);
    v128.store_lane<f32>(maxima, max, 0);
    v128.store_lane<f32>(minima, min, 0);
    if (f32x4.extract_lane(min, 0) == -Infinity)
      for (let at = stop - bytes; at < stop; at += 16) dead = i32x4.add(dead, f32x4.eq(v128.load(at), none));
    maxima += 4;
    minima += 4;
    top = f32x4.pmax(top, max);
    const some = f32x4.gt(max, none);
    finite = i32x4.add(finite, some);
    low = f32x4.pmin(low, v128.bitselect(max, all, some));
  }
  const sums = f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3));
  result(0, v128.any_true(f32x4.ne(sums, sums)) ? 1 : 0);
  result(1, <f64>(-count4(dead)));
  result(2, <f64>f32x4.extract_lane(low, 0));
  result(3, <f64>(-i32x4.extract_lane(finite, 0)));
  return f32x4.extract_lane(top, 0);
}

export function weigh(
  row: usize, maxima: usize, minima: usize, weights: usize, sums: usize, length: i32, block: i32,
  max: f32, scale: f32, negligible: f32
): f64 {
  const c1 = constant(0);
  const c2 = constant(1);
  const c3 = constant(2);
  const c4 = constant(3);
  const c5 = constant(4);
  const one = constant(5);
  const round = constant(6);
  const vmax = f32x4.splat(max);
  const vscale = f32x4.splat(scale);
  const none = f32x4.splat(-Infinity);
  const tiny = f32x4.splat(SMALLEST);
  let total: f64 = 0;
  let moment: f64 = 0;
  const end = row + (length << 2);
  const bytes = block << 2;
  while (row < end) {
    const stop = row + bytes;
    if (load<f32>(maxima) < negligible) {
      for (; row < stop; row += 16, weights += 16)
        v128.store(weights, v128.and(tiny, f32x4.gt(v128.load(row), none)));
      store<f64>(sums, 0);
    } else {
      let z = f32x4.splat(0);
      let s = f32x4.splat(0);
      if ((load<f32>(minima) - max) * scale >= FLOOR) {
        for (; row < stop; row += 64, weights += 64) {
          let x = v128.load(row);
          let y = exponent(x, vmax, vscale, false);
          let e = power(y, c1, c2, c3, c4, c5, one, round);
          v128.store(weights, e);
          z = f32x4.add(z, e);
          s = f32x4.add(s, f32x4.mul(e, y));
          x = v128.load(row, 16);
          y = exponent(x, vmax, vscale, false);
          e = power(y, c1, c2, c3, c4, c5, one, round);
          v128.store(weights, e, 16);
          z = f32x4.add(z, e);
          s = f32x4.add(s, f32x4.mul(e, y));
          x = v128.load(row, 32);
          y = exponent(x, vmax, vscale, false);
          e = power(y, c1, c2, c3, c4, c5, one, round);
          v128.store(weights, e, 32);
          z = f32x4.add(z, e);
          s = f32x4.add(s, f32x4.mul(e, y));
          x = v128.load(row, 48);
          y = exponent(x, vmax, vscale, false);
          e = power(y, c1, c2, c3, c4, c5, one, round);
          v128.store(weights, e, 48);
          z = f32x4.add(z, e);
          s = f32x4.add(s, f32x4.mul(e, y));
        }
      } else {
        for (; row < stop; row += 64, weights += 64) {
          let x = v128.load(row);
          let y = exponent(x, vmax, vscale, true);
          let e = v128.and(power(y, c1, c2, c3, c4, c5, one, round), f32x4.gt(x, none));
          v128.store(weights, e);
          z = f32x4.add(z, e);
          s = f32x4.add(s, f32x4.mul(e, y));
          x = v128.load(row, 16);
          y = exponent(x, vmax, vscale, true);
          e = v128.and(power(y, c1, c2, c3, c4, c5, one, round), f32x4.gt(x, none));
          v128.store(weights, e, 16);
          z = f32x4.add(z, e);
          s = f32x4.add(s, f32x4.mul(e, y));
          x = v128.load(row, 32);
          y = exponent(x, vmax, vscale, true);
          e = v128.and(power(y, c1, c2, c3, c4, c5, one, round), f32x4.gt(x, none));
          v128.store(weights, e, 32);
          z = f32x4.add(z, e);
          s = f32x4.add(s, f32x4.mul(e, y));
          x = v128.load(row, 48);
          y = exponent(x, vmax, vscale, true);
          e = v128.and(power(y, c1, c2, c3, c4, c5, one, round), f32x4.gt(x, none));
          v128.store(weights, e, 48);
          z = f32x4.add(z, e);
          s = f32x4.add(s, f32x4.mul(e, y));
        }
      }
      const blockTotal = sum(z);
      store<f64>(sums, blockTotal);
      total += blockTotal;
      moment += sum(s);
    }
    maxima += 4;
    minima += 4;
    sums += 8;
  }
  result(0, moment);
  return total;
}

export function total(
  row: usize, maxima: usize, minima: usize, length: i32, block: i32, max: f32, scale: f32, negligible: f32
): f64 {
  const c1 = constant(0);
  const c2 = constant(1);
  const c3 = constant(2);
  const c4 = constant(3);
  const c5 = constant(4);
  const one = constant(5);
  const round = constant(6);
  const vmax = f32x4.splat(max);
  const vscale = f32x4.splat(scale);
  const none = f32x4.splat(-Infinity);
  let total: f64 = 0;
  let moment: f64 = 0;
  const end = row + (length << 2);
  const bytes = block << 2;
  for (; row < end; maxima += 4, minima += 4) {
    if (load<f32>(maxima) < negligible) {
      row += bytes;
      continue;
    }
    let z = f32x4.splat(0);
    let s = f32x4.splat(0);
    const stop = row + bytes;
    if ((load<f32>(minima) - max) * scale >= FLOOR) {
      for (; row < stop; row += 64) {
        let y = exponent(v128.load(row), vmax, vscale, false);
        let e = power(y, c1, c2, c3, c4, c5, one, round);
        z = f32x4.add(z, e);
        s = f32x4.add(s, f32x4.mul(e, y));
        y = exponent(v128.load(row, 16), vmax, vscale, false);
        e = power(y, c1, c2, c3, c4, c5, one, round);
        z = f32x4.add(z, e);
        s = f32x4.add(s, f32x4.mul(e, y));
        y = exponent(v128.load(row, 32), vmax, vscale, false);
        e = power(y, c1, c2, c3, c4, c5, one, round);
        z = f32x4.add(z, e);
        s = f32x4.add(s, f32x4.mul(e, y));
        y = exponent(v128.load(row, 48), vmax, vscale, false);
        e = power(y, c1, c2, c3, c4, c5, one, round);
        z = f32x4.add(z, e);
        s = f32x4.add(s, f32x4.mul(e, y));
      }
    } else {
      for (; row < stop; row += 64) {
        let x = v128.load(row);
        let y = exponent(x, vmax, vscale, true);
        let e = v128.and(power(y, c1, c2, c3, c4, c5, one, round), f32x4.gt(x, none));
        z = f32x4.add(z, e);
        s = f32x4.add(s, f32x4.mul(e, y));
        x = v128.load(row, 16);
        y = exponent(x, vmax, vscale, true);
        e = v128.and(power(y, c1, c2, c3, c4, c5, one, round), f32x4.gt(x, none));
        z = f32x4.add(z, e);
        s = f32x4.add(s, f32x4.mul(e, y));
        x = v128.load(row, 32);
        y = exponent(x, vmax, vscale, true);
        e = v128.and(power(y, c1, c2, c3, c4, c5, one, round), f32x4.gt(x, none));
        z = f32x4.add(z, e);
        s = f32x4.add(s, f32x4.mul(e, y));
        x = v128.load(row, 48);
        y = exponent(x, vmax, vscale, true);
        e = v128.and(power(y, c1, c2, c3, c4, c5, one, round), f32x4.gt(x, none));
        z = f32x4.add(z, e);
        s = f32x4.add(s, f32x4.mul(e, y));
      }
    }
    total += sum(z);
    moment += sum(s);
  }
  result(0, moment);
  return total;
}

export function share(
  row: usize, maxima: usize, minima: usize, kept: usize, length: i32, block: i32,
  max: f32, scale: f32, negligible: f32, above: f32
): f64 {
  const c1 = constant(0);
  const c2 = constant(1);
  const c3 = constant(2);
  const c4 = constant(3);
  const c5 = constant(4);
  const one = constant(5);
  const round = constant(6);
  const vmax = f32x4.splat(max);
  const vscale = f32x4.splat(scale);
  const none = f32x4.splat(-Infinity);
  const vabove = f32x4.splat(above);
  let total: f64 = 0;
  let share: f64 = 0;
  let moment: f64 = 0;
  const end = row + (length << 2);
  const bytes = block << 2;
  for (; row < end; maxima += 4, minima += 4) {
    if (load<f32>(maxima) < negligible) {
      row += bytes;
      kept += bytes;
      continue;
    }
    let z = f32x4.splat(0);
    let s = f32x4.splat(0);
    let k = f32x4.splat(0);
    const stop = row + bytes;
    if ((load<f32>(minima) - max) * scale >= FLOOR) {
      for (; row < stop; row += 64, kept += 64) {
        let y = exponent(v128.load(row), vmax, vscale, false);
        let e = power(y, c1, c2, c3, c4, c5, one, round);
        z = f32x4.add(z, e);
        s = f32x4.add(s, f32x4.mul(e, y));
        k = f32x4.add(k, v128.and(e, f32x4.gt(v128.load(kept), vabove)));
        y = exponent(v128.load(row, 16), vmax, vscale, false);
        e = power(y, c1, c2, c3, c4, c5, one, round);
        z = f32x4.add(z, e);
        s = f32x4.add(s, f32x4.mul(e, y));
        k = f32x4.add(k, v128.and(e, f32x4.gt(v128.load(kept, 16), vabove)));
        y = exponent(v128.load(row, 32), vmax, vscale, false);
        e = power(y, c1, c2, c3, c4, c5, one, round);
        z = f32x4.add(z, e);
        s = f32x4.add(s, f32x4.mul(e, y));
        k = f32x4.add(k, v128.and(e, f32x4.gt(v128.load(kept, 32), vabove)));
        y = exponent(v128.load(row, 48), vmax, vscale, false);
        e = power(y, c1, c2, c3, c4, c5, one, round);
        z = f32x4.add(z, e);
        s = f32x4.add(s, f32x4.mul(e, y));
        k = f32x4.add(k, v128.and(e, f32x4.gt(v128.load(kept, 48), vabove)));
      }
    } else {
      for (; row < stop; row += 64, kept += 64) {
        let x = v128.load(row);
        let y = exponent(x, vmax, vscale, true);
        let e = v128.and(power(y, c1, c2, c3, c4, c5, one, round), f32x4.gt(x, none));
        z = f32x4.add(z, e);
        s = f32x4.add(s, f32x4.mul(e, y));
        k = f32x4.add(k, v128.and(e, f32x4.gt(v128.load(kept), vabove)));
        x = v128.load(row, 16);
        y = exponent(x, vmax, vscale, true);
        e = v128.and(power(y, c1, c2, c3, c4, c5, one, round), f32x4.gt(x, none));
        z = f32x4.add(z, e);
        s = f32x4.add(s, f32x4.mul(e, y));
        k = f32x4.add(k, v128.and(e, f32x4.gt(v128.load(kept, 16), vabove)));
        x = v128.load(row, 32);
        y = exponent(x, vmax, vscale, true);
        e = v128.and(power(y, c1, c2, c3, c4, c5, one, round), f32x4.gt(x, none));
        z = f32x4.add(z, e);
        s = f32x4.add(s, f32x4.mul(e, y));
        k = f32x4.add(k, v128.and(e, f32x4.gt(v128.load(kept, 32), vabove)));
        x = v128.load(row, 48);
        y = exponent(x, vmax, vscale, true);
        e = v128.and(power(y, c1, c2, c3, c4, c5, one, round), f32x4.gt(x, none));
        z = f32x4.add(z, e);
        s = f32x4.add(s, f32x4.mul(e, y));
        k = f32x4.add(k, v128.and(e, f32x4.gt(v128.load(kept, 48), vabove)));
      }
    }
    total += sum(z);
    moment += sum(s);
    share += sum(k);
  }
  result(0, moment);
  result(1, share);
  return total;
}

/** Which of up to four block maxima reach a score, as bits. */
@inline function reaching(maxima: usize, blocks: i32, low: v128): i32 {
  const hits = i32x4.bitmask(f32x4.ge(v128.load(maxima), low));
  return blocks < 4 ? hits & ((1 << blocks) - 1) : hits;
}

export function gather(row: usize, maxima: usize, ids: usize, length: i32, block: i32, low: f32): i32 {
  const vlow = f32x4.splat(low);
  const start = ids;
  let left = length / block;
  for (let first = 0; left > 0; first += 4 * block, left -= 4, maxima += 16) {
    let blocks = reaching(maxima, left, vlow);
    while (blocks) {
      const from = first + ctz(blocks) * block;
      for (let id = from; id < from + block; id += 4) {
        let hits = i32x4.bitmask(f32x4.ge(v128.load(row + (id << 2)), vlow));
        while (hits) {
          store<i32>(ids, id + ctz(hits));
          ids += 4;
          hits &= hits - 1;
        }
      }
      blocks &= blocks - 1;
    }
  }
  return <i32>((ids - start) >> 2);
}

export function count(row: usize, maxima: usize, length: i32, block: i32, low: f32): i32 {
  const vlow = f32x4.splat(low);
  let found = i32x4.splat(0);
  const bytes = block << 2;
  let left = length / block;
  for (let first = 0; left > 0; first += 4 * block, left -= 4, maxima += 16) {
    let blocks = reaching(maxima, left, vlow);
    while (blocks) {
      let at = row + ((first + ctz(blocks) * block) << 2);
      const stop = at + bytes;
      for (; at < stop; at += 64) {
        found = i32x4.add(found, i32x4.add(
          i32x4.add(f32x4.ge(v128.load(at), vlow), f32x4.ge(v128.load(at, 16), vlow)),
          i32x4.add(f32x4.ge(v128.load(at, 32), vlow), f32x4.ge(v128.load(at, 48), vlow))));
      }
      blocks &= blocks - 1;
    }
  }
  return -count4(found);
}

export function tally(values: usize, length: i32, low: f32): i32 {
  const vlow = f32x4.splat(low);
  let found = i32x4.splat(0);
  let at = 0;
  for (; at + 4 <= length; at += 4) found = i32x4.add(found, f32x4.ge(v128.load(values + (at << 2)), vlow));
  let rest = 0;
  for (; at < length; at++) rest += load<f32>(values + (at << 2)) >= low ? 1 : 0;
  return rest - count4(found);
}

export function between(
  row: usize, maxima: usize, weights: usize, ids: usize, length: i32, block: i32, low: f32, high: f32
): i32 {
  const vlow = f32x4.splat(low);
  const vhigh = f32x4.splat(high);
  const zero = f32x4.splat(0);
  const start = ids;
  let above: f64 = 0;
  for (let first = 0; first < length; first += block, maxima += 4) {
    if (!(load<f32>(maxima) >= low)) continue;
    let z = f32x4.splat(0);
    for (let id = first; id < first + block; id += 4) {
      const x = v128.load(row + (id << 2));
      const e = v128.load(weights + (id << 2));
      const over = f32x4.ge(x, vhigh);
      z = f32x4.add(z, v128.and(e, over));
      let hits = i32x4.bitmask(v128.and(v128.andnot(f32x4.ge(x, vlow), over), f32x4.gt(e, zero)));
      while (hits) {
        store<i32>(ids, id + ctz(hits));
        ids += 4;
        hits &= hits - 1;
      }
    }
    above += sum(z);
  }
  result(0, above);
  return <i32>((ids - start) >> 2);
}

export function cut(
  row: usize, weights: usize, sums: usize, length: i32, block: i32, max: f32, scale: f32, low: f32
): f64 {
  const vmax = f32x4.splat(max);
  const vscale = f32x4.splat(scale);
  const vlow = f32x4.splat(low);
  const zero = f32x4.splat(0);
  let total: f64 = 0;
  let moment: f64 = 0;
  let left = i32x4.splat(0);
  const end = row + (length << 2);
  const bytes = block << 2;
  for (; row < end; sums += 8) {
    let z = f32x4.splat(0);
    let s = f32x4.splat(0);
    const stop = row + bytes;
    for (; row < stop; row += 16, weights += 16) {
      const x = v128.load(row);
      const e = v128.and(v128.load(weights), f32x4.ge(x, vlow));
      v128.store(weights, e);
      z = f32x4.add(z, e);
      s = f32x4.add(s, f32x4.mul(e, exponent(x, vmax, vscale, true)));
      left = i32x4.add(left, f32x4.gt(e, zero));
    }
    const blockTotal = sum(z);
    store<f64>(sums, blockTotal);
    total += blockTotal;
    moment += sum(s);
  }
  result(0, moment);
  result(1, <f64>(-count4(left)));
  return total;
}
