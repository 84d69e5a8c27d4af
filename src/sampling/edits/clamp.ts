/** The largest finite Float32. */
export const LARGEST = 3.4028234663852886e38;

/**
 * Holds an edited logit in Float32's finite range, so that an extreme bias or penalty neither
 * bans a token nor makes +Infinity. A logit that was −Infinity stays so.
 */
export const clampFinite = (before: number, after: number): number =>
  before === -Infinity ? before : Math.min(LARGEST, Math.max(-LARGEST, after));
