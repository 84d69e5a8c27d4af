/** A stretch of a text that a model reads at once. */
export interface Window {
  /** Its tokens, by their places in the text: from `start` up to and without `end`. */
  readonly start: number;
  readonly end: number;
  /** The first of those that are told of; the ones before it are only what they follow. */
  readonly from: number;
}

/**
 * The windows in which a model reads a text. One that the context holds is one window. A longer one
 * is read in windows as long as the context, each half a context behind the one before it, the last
 * one at the end of the text: so that every token but the first is told of once, in the first window
 * that holds it, with at least half a context in front of it once there is so much.
 *
 * @param length tokens of the text, an integer ≥ 1
 * @param context the model's, an integer ≥ 2, or Infinity
 */
export function windowsOf(length: number, context = Infinity): Window[] {
  const windows: Window[] = [{ start: 0, end: Math.min(length, context), from: 1 }];
  const stride = Math.max(1, Math.floor(context / 2));
  for (let from = context; from < length; from += stride) {
    const end = Math.min(length, from + stride);
    windows.push({ start: end - context, end, from });
  }
  return windows;
}
