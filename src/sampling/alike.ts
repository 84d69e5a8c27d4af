import { LOWEST, type Row } from './row.ts';

/** Below this exponent a probability has fewer digits than others, and in the end none. */
const FADING = -690;

/** So far apart rounding may make two scores at a temperature equally likely in Float64. */
const blur = (row: Row, score: number, temperature: number) =>
  1e-15 * (temperature + row.max - score);

/** Whether scores far from this one may be as unlikely as it is. */
const isFading = (row: Row, score: number, temperature: number) =>
  (score - row.max) / temperature < FADING || score - row.max <= LOWEST;

/**
 * A score that no higher one is as unlikely as this. Between the two some are.
 *
 * @param score finite
 * @param temperature in (0, Infinity]
 */
export function highestAlike(row: Row, score: number, temperature: number): number {
  const high = score + blur(row, score, temperature);
  if (!isFading(row, score, temperature)) return high;
  return Math.max(high, row.max + Math.max(LOWEST, FADING * temperature));
}

/** A score that no lower one is as likely as this: as {@link highestAlike}; −Infinity too. */
export function lowestAlike(row: Row, score: number, temperature: number): number {
  return isFading(row, score, temperature) ? -Infinity : score - blur(row, score, temperature);
}
