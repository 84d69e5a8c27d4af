import { show } from './check.ts';
import { KelvinError } from './error.ts';
import { nearest } from './nearest.ts';

/**
 * Checks the names in an options object, inherited ones included.
 *
 * @param kind what the options are called: "option", "sampling option"
 * @throws KelvinError UNKNOWN_OPTION with the nearest legal name; INVALID_OPTION for no object
 */
export function checkOptionNames(options: object, legal: readonly string[], kind = 'option'): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new KelvinError('INVALID_OPTION', `${kind}s must be an object, got ${show(options)}`);
  for (const name in options)
    if (!legal.includes(name))
      throw new KelvinError(
        'UNKNOWN_OPTION',
        `unknown ${kind} ${show(name)}${nearest(name, legal)}; legal options: ${legal.join(', ')}`,
      );
}
