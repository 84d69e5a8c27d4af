import { checkInteger, show } from '../sampling/check.ts';
import { KelvinError } from '../sampling/error.ts';
import { uniform } from '../sampling/philox.ts';

/** Luck of its own, so that a run's seed does not draw its tokens and its intervals alike. */
const STREAM = 2;
const RESAMPLES = 1000;

/** A mean and the interval it is in, with the confidence asked for. */
export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** How intervals are made: see {@link bootstrap}. */
export interface BootstrapOptions {
  readonly confidence?: number;
  readonly resamples?: number;
  readonly seed?: number;
}

const meanOf = (values: readonly number[]) =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The value below which a part of some ascending ones lie, between two of them in proportion. */
function quantile(sorted: Float64Array, part: number): number {
  const place = part * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
}

/**
 * The mean of some values with a bootstrap confidence interval (Efron 1979, percentiles): as many
 * are drawn from them with replacement, again and again, and the interval holds the middle of the
 * means. Few values make it too narrow: of 8, one of 95 % holds the true mean about nine times in
 * ten.
 *
 * @param values one or more, finite; one value is its own interval
 * @param options.confidence in (0, 1), default 0.95
 * @param options.resamples how often to draw, an integer ≥ 1, default 1000
 * @param options.seed same seed, same interval: any integer, default 0
 * @throws KelvinError INVALID_ARGUMENT
 * @example
 * import { bootstrap } from 'kelvin/evaluation';
 * bootstrap([2, 2, 2]); // => { mean: 2, low: 2, high: 2 }
 */
export function bootstrap(values: readonly number[], options: BootstrapOptions = {}): Interval {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (values.length === 0 || bad >= 0)
    throw new KelvinError(
      'INVALID_ARGUMENT',
      `values must be finite numbers, one or more, got ${bad < 0 ? 'none' : `${show(values[bad])} at index ${bad}`}`,
    );
  const { length } = values;
  const interval = percentiles(
    length,
    (drawn) => {
      let sum = 0;
      for (let i = 0; i < length; i++) sum += values[drawn(i)];
      return sum / length;
    },
    options,
  );
  return { mean: meanOf(values), ...interval };
}

/**
 * The middle of what a statistic is of resamples.
 *
 * @param count of what there is, ≥ 1
 * @param statistic given a function from the place in the resample to the index drawn there
 */
export function percentiles(
  count: number,
  statistic: (drawn: (place: number) => number) => number,
  { confidence = 0.95, resamples = RESAMPLES, seed = 0 }: BootstrapOptions = {},
): Omit<Interval, 'mean'> {
  if (!(confidence > 0 && confidence < 1))
    throw new KelvinError(
      'INVALID_ARGUMENT',
      `confidence must be a number in (0, 1), got ${show(confidence)}`,
    );
  checkInteger('resamples', resamples, 1);
  const sorted = Float64Array.from({ length: resamples }, (_, resample) =>
    statistic((place) => Math.floor(count * uniform(seed, STREAM, resample * count + place))),
  ).sort();
  const tail = (1 - confidence) / 2;
  return { low: quantile(sorted, tail), high: quantile(sorted, 1 - tail) };
}
