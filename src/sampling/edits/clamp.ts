/**
 * Holds an edited logit in Float64's finite range, so that an extreme bias or penalty neither
 * bans a token nor makes +Infinity. A logit that was −Infinity stays so.
 */
export const clampFinite = (before: number, after: number): number =>
  before === -Infinity ? before : Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, after));
