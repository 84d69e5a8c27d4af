import { jsonText } from '../json-text.ts';

/** Where a replay is not what was recorded. */
export interface Difference {
  /** In the file, from 1. */
  readonly line: number;
  /** In words: `branch 1, token 3`. */
  readonly place: string;
  readonly field: string;
  readonly recorded: unknown;
  readonly found: unknown;
}

type Some<Name extends string> = { readonly [name in Name]?: unknown };

/** The first of some fields that is not as it was recorded, to the last bit. */
export function differenceOf<Name extends string>(
  at: { readonly line: number; readonly place: string },
  fields: readonly Name[],
  recorded: Some<Name>,
  found: Some<Name>,
): Difference | undefined {
  const field = fields.find((name) => jsonText(recorded[name]) !== jsonText(found[name]));
  return field && { ...at, field, recorded: recorded[field], found: found[field] };
}

/** What is compared of each token. */
export const STEP = [
  'token',
  'text',
  'logprob',
  'shapedLogprob',
  'entropy',
  'choices',
  'rank',
] as const;
