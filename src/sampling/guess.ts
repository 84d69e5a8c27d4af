import { LOWEST } from './row.ts';
import type { Weighed } from './weighed.ts';

/** How many tokens the guess looks at. */
const SAMPLE = 4096;
const BINS = 1024;
const PER_OCTAVE = 16;
const weightIn = new Float64Array(BINS);
const countIn = new Int32Array(BINS);
/** Scores from `low` to below `high`. */
const bracket = { low: LOWEST, high: Infinity };

/**
 * Two scores that probably enclose the one below which weights sum to `tail`, from a sample: the
 * tail's weights are small and many, and tell of it better than those of the few large ones would.
 * Only speed hangs on it.
 *
 * @returns good until the next guess
 */
export function guess(
  { row, scale }: Weighed,
  weights: Float32Array,
  tail: number,
): typeof bracket {
  const { values, max, vocabulary } = row;
  // An odd stride does not fall in step with what repeats by powers of two.
  const stride = Math.floor(vocabulary / SAMPLE) | 1;
  weightIn.fill(0);
  countIn.fill(0);
  for (let id = 0; id < vocabulary; id += stride) {
    if (weights[id] === 0) continue;
    const bin = Math.min(BINS - 1, Math.floor((max - values[id]) * scale * PER_OCTAVE));
    weightIn[bin] += weights[id] * stride;
    countIn[bin]++;
  }
  let below = 0;
  let sampled = 0;
  let bin = BINS - 1;
  for (; bin > 0 && below + weightIn[bin] < tail; bin--) {
    below += weightIn[bin];
    sampled += countIn[bin];
  }
  // Four standard deviations, were all weights in the tail equal.
  const slack = Math.min(1, 4 / Math.sqrt(sampled + 1)) * tail;
  let low = bin;
  for (let sum = below; low < BINS - 1 && sum > tail - slack; low++) sum -= weightIn[low + 1];
  let high = bin;
  for (let sum = below; high >= 0 && sum < tail + slack; high--) sum += weightIn[high];
  const width = 1 / (scale * PER_OCTAVE);
  bracket.low = low === BINS - 1 ? LOWEST : Math.fround(max - (low + 1) * width);
  bracket.high = high < 0 ? Infinity : Math.fround(max - (high + 1) * width);
  return bracket;
}
