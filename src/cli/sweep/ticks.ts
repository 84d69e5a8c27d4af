/** What an axis shows. */
export interface Extent {
  readonly from: number;
  readonly to: number;
  /** Round numbers in it, from the lowest. */
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
}

/** The least step: two decimals are as many as there is room for, and as mean anything. */
const LEAST_STEP = 0.01;

/**
 * An axis that shows some values, with round numbers at its ends and between.
 *
 * @param count about how many steps
 */
export function extentOf(values: readonly number[], count: number): Extent {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const step = roundStep(Math.max((high - low) / count, LEAST_STEP));
  const last = Math.ceil(high / step - 1e-9);
  // A single value is at the upper end: neither diversity nor coherence can go beyond theirs.
  const first = Math.min(last - 1, Math.floor(low / step + 1e-9));
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => {
    const at = Number(((first + i) * step).toFixed(decimals));
    return { at, text: at.toFixed(decimals) };
  });
  return { from: ticks[0]!.at, to: ticks.at(-1)!.at, ticks };
}

/** 1, 2 or 5 times a power of ten, at least as large. */
function roundStep(step: number): number {
  const power = 10 ** Math.floor(Math.log10(step));
  return power * ([1, 2, 5].find((factor) => factor * power >= step * (1 - 1e-9)) ?? 10);
}
