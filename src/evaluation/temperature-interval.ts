import { type Interval, percentiles } from './bootstrap.ts';

/** Fewer tokens than this tell nothing of their own luck. */
const FEWEST = 10;

/** Of one token's loss: d / d ln τ, and β² d²/dβ². */
export interface Slopes {
  readonly first: number;
  readonly second: number;
}

/**
 * Where the best temperature of a text lies with 95 % confidence, by the bootstrap. Tokens depend
 * on those before them, so runs of √n tokens are drawn (circular block bootstrap, Politis & Romano
 * 1992). One step of Newton's method leads from the best temperature of the whole to that of a
 * resample.
 *
 * @param slopes of n tokens at the best temperature, in the order of the text
 * @returns undefined for fewer than 10 tokens
 */
export function temperatureInterval(
  temperature: number,
  slopes: readonly Slopes[],
): Omit<Interval, 'mean'> | undefined {
  const { length } = slopes;
  if (length < FEWEST) return undefined;
  const size = Math.floor(Math.sqrt(length));
  const blocks = Math.floor(length / size);
  const sums = slopes.map((_, start) => {
    const sum = { first: 0, second: 0 };
    for (let i = start; i < start + size; i++) {
      sum.first += slopes[i % length].first;
      sum.second += slopes[i % length].second;
    }
    return sum;
  });
  const steps = percentiles(length, (drawn) => {
    let first = 0;
    let second = 0;
    for (let i = 0; i < blocks; i++) {
      const sum = sums[drawn(i)];
      first += sum.first;
      second += sum.second;
    }
    // Of tokens that are certain, both are 0.
    return first === 0 ? 0 : first / second;
  });
  const wider = widening(blocks);
  const at = (step: number) => {
    const factor = 1 + wider * step;
    return factor > 0 ? temperature / factor : Infinity;
  };
  return { low: at(steps.high), high: at(steps.low) };
}

/**
 * Percentiles of few resampled things are too near each other: as Student's t is to the normal law
 * (Hesterberg 2015), to the first order in 1/ν, at 95 %.
 */
const widening = (count: number) =>
  Math.sqrt(count / (count - 1)) * (1 + (1.96 ** 2 + 1) / (4 * (count - 1)));
