import { KelvinError } from '../sampling/error.ts';
import { invalidOption } from '../sampling/option.ts';
import { checkOptionNames, isRecord } from '../sampling/option-names.ts';
import { SchemaGrammar } from './grammar/schema-grammar.ts';

/** A JSON schema, of the keywords that a text can be held to: the README lists them. */
export type JsonSchema = object | boolean;

/** What a text must be. */
export type ResponseFormat =
  | { readonly type: 'text' }
  /** A JSON value that fits the schema; any object where there is none. */
  | { readonly type: 'json'; readonly schema?: JsonSchema | undefined };

/** A checked format: plain data, and the grammar of its texts where they must be JSON. */
export interface CheckedFormat {
  readonly format: ResponseFormat;
  readonly grammar?: string;
}

const INTERVAL = '{ type: "text" } or { type: "json", schema? }';
const MOST_BYTES = 65_536;
const MOST_DEPTH = 100;

/** @throws KelvinError `INVALID_OPTION`, `UNKNOWN_OPTION` */
export function parseResponseFormat(value: unknown, name: string): CheckedFormat {
  if (!isRecord(value)) throw invalidOption(name, INTERVAL, value);
  const { type, schema } = value as { type?: unknown; schema?: unknown };
  if (type !== 'text' && type !== 'json') throw invalidOption(name, INTERVAL, value);
  checkOptionNames(value, type === 'json' ? ['type', 'schema'] : ['type'], `member of ${name}`);
  if (type === 'text') return { format: { type } };
  const { plain, grammar } = parseSchema(schema ?? { type: 'object' }, `${name}.schema`);
  return { format: schema === undefined ? { type } : { type, schema: plain }, grammar };
}

/**
 * Checks a schema and writes the grammar of its texts.
 *
 * @param name what it is called in errors
 * @throws KelvinError `INVALID_OPTION` naming the place and the keyword
 */
export function parseSchema(schema: unknown, name: string) {
  const text = jsonOf(schema);
  if (text === undefined) throw invalidOption(name, 'a JSON schema', schema);
  const refuse = (allowed: string, received: string) => {
    throw new KelvinError('INVALID_OPTION', `${name} must be ${allowed}, got ${received}`);
  };
  const bytes = Buffer.byteLength(text);
  if (bytes > MOST_BYTES) refuse(`at most ${MOST_BYTES} bytes of JSON`, String(bytes));
  const depth = depthOf(text);
  if (depth > MOST_DEPTH) refuse(`JSON nested at most ${MOST_DEPTH} deep`, String(depth));
  const plain = JSON.parse(text) as JsonSchema;
  return { plain, grammar: SchemaGrammar.write(plain, name) };
}

function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** How deeply objects and arrays are nested in a JSON text. */
function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/g)) {
    if (token === '{' || token === '[') most = Math.max(most, ++depth);
    else if (token === '}' || token === ']') depth--;
  }
  return most;
}
