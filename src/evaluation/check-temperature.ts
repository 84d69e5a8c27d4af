import { show } from '../sampling/check.ts';
import { KelvinError } from '../sampling/error.ts';

/** Throws INVALID_ARGUMENT unless a temperature is in [0, Infinity]. */
export function checkTemperature(temperature: number): void {
  if (!(temperature >= 0))
    throw new KelvinError(
      'INVALID_ARGUMENT',
      `temperature must be a number in [0, Infinity], got ${show(temperature)}`,
    );
}
