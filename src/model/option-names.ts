import { show } from '../sampling/check.ts';
import { KelvinError } from '../sampling/error.ts';
import { nearest } from '../sampling/nearest.ts';
import { invalidOption } from '../sampling/option.ts';

/** @throws KelvinError `UNKNOWN_OPTION` with the nearest legal name; `INVALID_OPTION` for no object */
export function checkOptionNames(options: object, legal: readonly string[]): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw invalidOption('options', 'an object', options);
  for (const name of Object.keys(options))
    if (!legal.includes(name))
      throw new KelvinError(
        'UNKNOWN_OPTION',
        `unknown option ${show(name)}${nearest(name, legal)}; legal options: ${legal.join(', ')}`,
      );
}
