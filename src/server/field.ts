import { z } from 'zod';
import { reason } from '../model/reason.ts';
import { KelvinError, samplingOptions } from '../sampling/index.ts';
import type { OptionRow } from '../sampling/option.ts';
import { checkOptionNames, isRecord } from '../sampling/option-names.ts';
import { camel, snake } from './snake.ts';

/** Most entries of a list of biases or of sequences: each costs time at every token. */
const MOST_ENTRIES = 1024;

/** A field of a request made of an option's row; null is absent, as in OpenAI's interface. */
export function field<T>(
  name: string,
  row: OptionRow & { parse(value: unknown, name: string): T },
) {
  return z
    .unknown()
    .transform((value, context): T | undefined => {
      if (value === undefined || value === null) return undefined;
      try {
        return row.parse(fromJson(value, name, row), name) as T;
      } catch (cause) {
        context.addIssue({ code: 'custom', message: reason(cause) });
        return z.NEVER;
      }
    })
    .optional();
}

const rows = Object.entries(samplingOptions).filter(([name]) => name !== 'constraint');

/** Every sampling option as a field, made from the table, so that none can be forgotten. */
export const samplingFields: Readonly<Record<string, ReturnType<typeof field<unknown>>>> =
  Object.fromEntries(rows.map(([name, row]) => [snake(name), field(snake(name), row)]));

/** The sampling options among the fields of a request. */
export function samplingOf(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    rows.map(([name]) => [name, fields[snake(name)]]).filter(([, value]) => value !== undefined),
  );
}

// What JSON cannot say is a string, as it is in kelvin's own output.
const INFINITE: Readonly<Record<string, number>> = {
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};
const number = (value: unknown) =>
  typeof value === 'string' && Object.hasOwn(INFINITE, value) ? INFINITE[value] : value;

function fromJson(value: unknown, name: string, row: OptionRow): unknown {
  switch (row.kind) {
    case 'number':
      return number(value);
    case 'biases':
      if (!isRecord(value)) return value;
      checkCount(name, Object.keys(value).length);
      return Object.fromEntries(Object.entries(value).map(([id, bias]) => [id, number(bias)]));
    case 'sequences':
      if (Array.isArray(value)) checkCount(name, value.length);
      return value;
    case 'order':
      return Array.isArray(value)
        ? value.map((entry) => (typeof entry === 'string' ? camel(entry) : entry))
        : value;
    case 'record':
      return isRecord(value) ? members(value, name, row) : value;
    default:
      return value;
  }
}

function members(value: object, name: string, { members = {} }: OptionRow): object {
  const legal = Object.keys(members);
  checkOptionNames(value, legal.map(snake), `field of ${name}`);
  const given = value as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    legal
      .filter((member) => given[snake(member)] != null)
      .map((member) => [member, fromJson(given[snake(member)], name, members[member]!)]),
  );
}

function checkCount(name: string, count: number): void {
  if (count > MOST_ENTRIES)
    throw new KelvinError(
      'INVALID_OPTION',
      `${name} must have at most ${MOST_ENTRIES} entries, got ${count}`,
    );
}
