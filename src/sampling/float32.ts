const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** The next Float32 above one that is neither NaN nor Infinity. */
export function nextUp(x: number): number {
  // + 0 turns −0 into 0, whose successor is the smallest denormal.
  float[0] = x + 0;
  bits[0] += x < 0 ? -1 : 1;
  return float[0];
}

/** The smallest Float32 that is not below x, Infinity if there is none. */
export function roundUp(x: number): number {
  const rounded = Math.fround(x);
  return rounded >= x ? rounded : nextUp(rounded);
}

/** The largest Float32 that is not above x, −Infinity if there is none. */
export const roundDown = (x: number): number => -roundUp(-x);
