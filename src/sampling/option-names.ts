import { show } from './check.ts';
import { KelvinError } from './error.ts';
import { nearest } from './nearest.ts';

/**
 * Whether a value is an object of names and values: a literal, one without a prototype, one of
 * another realm, an instance of a class. A Map, a Set, a Date or an array is something else.
 */
export const isRecord = (value: unknown): value is object =>
  Object.prototype.toString.call(value) === '[object Object]';

/**
 * Every name at which an object holds a value, inherited ones and those of getters included: what
 * is read by name must be checked by name. What every object inherits is none of it.
 */
export function namesOf(record: object): string[] {
  const names = Object.getOwnPropertyNames(record);
  let link = Object.getPrototypeOf(record);
  while (link !== null && link !== Object.prototype) {
    // By name, as another realm has an Object.prototype of its own.
    names.push(...Object.getOwnPropertyNames(link).filter((name) => !(name in Object.prototype)));
    link = Object.getPrototypeOf(link);
  }
  return names;
}

/**
 * Checks the names in an options object.
 *
 * @param kind what the options are called: "option", "sampling option"
 * @throws KelvinError UNKNOWN_OPTION with the nearest legal name; INVALID_OPTION for anything but
 *   an object of names and values
 */
export function checkOptionNames(options: object, legal: readonly string[], kind = 'option'): void {
  if (!isRecord(options))
    throw new KelvinError(
      'INVALID_OPTION',
      `${kind}s must be an object of names and values, got ${show(options)}`,
    );
  for (const name of namesOf(options))
    if (!legal.includes(name))
      throw new KelvinError(
        'UNKNOWN_OPTION',
        `unknown ${kind} ${show(name)}${nearest(name, legal)}; legal options: ${legal.join(', ')}`,
      );
}
