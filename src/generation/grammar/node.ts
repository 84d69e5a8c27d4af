import { show } from '../../sampling/check.ts';
import { KelvinError } from '../../sampling/error.ts';
import { integerOption } from '../../sampling/option.ts';

/** A JSON schema that is an object. */
export type Node = Readonly<Record<string, unknown>>;

/** What the grammar of a value is made with. */
export interface Writer {
  /**
   * Makes a rule and gives its name. No two alternatives may begin alike: where they do, the library
   * may take texts for right that are not ("1" or "110": "11010" too).
   */
  rule(alternatives: readonly string[]): string;
  /** As `rule`, for alternatives that may begin alike. */
  either(alternatives: readonly string[]): string;
  /** The name of a rule for the values that fit a schema. */
  value(schema: unknown, path: string): string;
}

/** The place of a key, as errors call it. */
export const at = (path: string, key: string): string =>
  /^[\w$-]+$/.test(key) ? `${path}.${key}` : `${path}[${show(key.slice(0, 64))}]`;

const MOST = 1024;
const count = integerOption({ min: 0, max: MOST, default: undefined, summary: 'a bound' });

/** The value of a keyword that bounds a length. */
export function countOf(schema: Node, keyword: string, path: string): number | undefined {
  const value = schema[keyword];
  return value === undefined ? undefined : count.parse(value, at(path, keyword));
}

/** The value of a keyword that lists something. */
export function listOf(value: unknown, path: string): readonly unknown[] {
  if (Array.isArray(value) && value.length > 0 && value.length <= MOST) return value;
  const received = Array.isArray(value) ? `${value.length} entries` : show(value);
  throw new KelvinError(
    'INVALID_OPTION',
    `${path} must be a list of 1 to ${MOST} entries, got ${received}`,
  );
}
