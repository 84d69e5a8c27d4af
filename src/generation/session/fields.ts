import { show } from '../../sampling/check.ts';
import { KelvinError } from '../../sampling/error.ts';
import { isRecord } from '../../sampling/option-names.ts';
import { numberOf } from '../json-text.ts';

/** What a field of a line may hold. */
export interface Field<T> {
  /** In words. */
  readonly allowed: string;
  readonly isOptional?: true;
  /** The value, or undefined where it is not allowed. */
  read(value: unknown): T | undefined;
}

type Fields<T> = { readonly [Name in keyof T]-?: Field<T[Name]> };

/** @throws KelvinError `RECORD_FILE` that names the line */
export function refuse(line: number, message: string): never {
  throw new KelvinError('RECORD_FILE', `line ${line}: ${message}`);
}

/**
 * Reads an object all of whose fields are known.
 *
 * @param name what it is called where it is part of another
 * @throws KelvinError `RECORD_FILE` naming the line, the field, what is allowed and what was there
 */
export function readFields<T>(line: number, value: unknown, fields: Fields<T>, name = ''): T {
  const record = readRecord(line, value, name || 'the line');
  const called = (field: string) => (name ? `${name}.${field}` : field);
  for (const field of Object.keys(record))
    if (!Object.hasOwn(fields, field)) {
      const legal = Object.keys(fields).join(', ');
      refuse(
        line,
        `${called(field)} must be one of the fields ${legal}, got ${show(record[field])}`,
      );
    }
  const entries = Object.entries(fields) as [string, Field<unknown>][];
  return Object.fromEntries(
    entries.flatMap(([field, { allowed, isOptional, read }]) => {
      if (isOptional && !Object.hasOwn(record, field)) return [];
      const content = Object.hasOwn(record, field) ? read(record[field]) : undefined;
      if (content === undefined)
        refuse(line, `${called(field)} must be ${allowed}, got ${show(record[field])}`);
      return [[field, content]];
    }),
  ) as T;
}

/** @throws KelvinError `RECORD_FILE` */
export function readRecord(line: number, value: unknown, name: string): Record<string, unknown> {
  if (!isRecord(value)) refuse(line, `${name} must be an object, got ${show(value)}`);
  return value as Record<string, unknown>;
}

const field = <T>(allowed: string, isAllowed: (value: unknown) => boolean): Field<T> => ({
  allowed,
  read: (value) => (isAllowed(value) ? (value as T) : undefined),
});

export const optional = <T>(one: Field<T>): Field<T | undefined> => ({ ...one, isOptional: true });
export const anything = field<unknown>('present', (value) => value !== undefined);
export const text = field<string>('a text', (value) => typeof value === 'string');
export const flag = field<boolean>('true or false', (value) => typeof value === 'boolean');
const isNatural = (value: unknown) => Number.isSafeInteger(value) && (value as number) >= 0;
export const natural = field<number>('an integer ≥ 0', isNatural);
export const integer = field<number>('an integer', Number.isSafeInteger);
export const tokens = field<readonly number[]>(
  'an array of token ids',
  (value) => Array.isArray(value) && value.every(isNatural),
);
/** Infinite ones are texts, as JSON has none. */
export const number: Field<number> = {
  allowed: 'a number',
  read: (value) => {
    const read = numberOf(value);
    return typeof read === 'number' ? read : undefined;
  },
};
export const exactly = <T>(value: T): Field<T> =>
  field(show(value), (received) => received === value);
export const oneOf = <T extends string>(values: readonly T[]): Field<T> =>
  field(`one of ${values.join(', ')}`, (value) => values.includes(value as T));
