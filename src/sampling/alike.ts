import { LOWEST, type Row } from './row.ts';

/** Below this exponent a probability has fewer digits than others, and in the end none. */
const FADING = -690;

/**
 * A score beyond which none is as unlikely in Float64 as this one; up to it, rounding may make some
 * so.
 *
 * @param score finite
 * @param temperature in (0, Infinity]
 */
export function highestAlike({ max }: Row, score: number, temperature: number): number {
  const high = score + 1e-15 * (temperature + max - score);
  const isFading = (score - max) / temperature < FADING || score - max <= LOWEST;
  return isFading ? Math.max(high, max + Math.max(LOWEST, FADING * temperature)) : high;
}
