import { invalidOption } from '../../sampling/option.ts';
import { at, type Node } from './node.ts';

/** The kinds of values of JSON Schema. */
export type Kind = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';

/** The keywords a text is held to, by the kind of value they stand beside. */
export const KEYWORDS: Readonly<Record<Kind, readonly string[]>> = {
  object: ['properties', 'required', 'additionalProperties'],
  array: ['items', 'prefixItems', 'additionalItems', 'minItems', 'maxItems'],
  string: ['minLength', 'maxLength'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  boolean: [],
  null: [],
};

/** Those that stand alone, and what may stand beside them. */
export const ALONE: Readonly<Record<string, readonly string[]>> = {
  $ref: [],
  const: ['type'],
  enum: ['type'],
  anyOf: [],
  oneOf: [],
};

/** Those that say nothing about a value, and the shelves that `$ref` finds schemas on. */
const ANNOTATIONS: readonly string[] = [
  ...['title', 'description', 'default', 'examples', 'deprecated', 'readOnly', 'writeOnly'],
  ...['$schema', '$id', '$comment', '$defs', 'definitions'],
];

/** Whether a value is of a kind. */
export function isOf(kind: unknown, value: unknown): boolean {
  if (kind === 'integer') return Number.isInteger(value);
  if (kind === 'array') return Array.isArray(value);
  if (kind === 'null') return value === null;
  if (kind === 'object')
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === kind;
}

/** Refuses what is neither one of these keywords nor says nothing about a value. */
export function checkKeywords(node: Node, keywords: readonly string[], path: string): void {
  for (const key of Object.keys(node)) {
    if (keywords.includes(key) || ANNOTATIONS.includes(key)) continue;
    const held = keywords.length > 0 ? `are ${keywords.join(', ')}` : 'need a type';
    const why = `absent, as no text is held to it: what texts are held to here ${held}`;
    throw invalidOption(at(path, key), why, node[key]);
  }
}
