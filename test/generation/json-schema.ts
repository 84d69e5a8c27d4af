import fc from 'fast-check';

// Of JSON Schema as much as texts are held to, twice: schemas, and what is valid under them.

export type Schema = Readonly<Record<string, unknown>>;

const text = (value: unknown) => JSON.stringify(value);
const isRecord = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const KINDS: Readonly<Record<string, (value: unknown, schema: Schema) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  string: (value, { minLength = 0, maxLength = 1e9 }) =>
    typeof value === 'string' &&
    !/\p{Cs}|\uFFFD/u.test(value) &&
    [...value].length >= Number(minLength) &&
    [...value].length <= Number(maxLength),
  integer: (value, schema) => Number.isSafeInteger(value) && isWithin(value as number, schema),
  number: (value, schema) => Number.isFinite(value) && isWithin(value as number, schema),
  array: (value, schema) => {
    const { items = true, additionalItems = true, minItems = 0, maxItems = 1e9 } = schema;
    // As draft-07 has it, or today's.
    const [first, rest] = Array.isArray(items)
      ? [items, additionalItems]
      : [(schema.prefixItems ?? []) as unknown[], items];
    return (
      Array.isArray(value) &&
      value.length >= Number(minItems) &&
      value.length <= Number(maxItems) &&
      value.every((one, i) => isValid(one, first[i] ?? rest))
    );
  },
  object: (value, { properties = {}, required = [], additionalProperties = true }) =>
    isRecord(value) &&
    (required as string[]).every((name) => Object.hasOwn(value, name)) &&
    Object.entries(value).every(([name, one]) => {
      const isNamed = Object.hasOwn(properties as Schema, name);
      return isValid(one, isNamed ? (properties as Schema)[name] : additionalProperties);
    }),
};

function isWithin(
  value: number,
  { minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Schema,
): boolean {
  return (
    value >= Number(minimum ?? -Infinity) &&
    value <= Number(maximum ?? Infinity) &&
    value > Number(exclusiveMinimum ?? -Infinity) &&
    value < Number(exclusiveMaximum ?? Infinity)
  );
}

export function isValid(value: unknown, schema: unknown): boolean {
  if (!isRecord(schema)) return schema === true;
  const { anyOf, oneOf, type } = schema;
  if (Array.isArray(schema.enum)) return schema.enum.some((one) => text(one) === text(value));
  if ('const' in schema) return text(schema.const) === text(value);
  if (Array.isArray(anyOf)) return anyOf.some((one) => isValid(value, one));
  if (Array.isArray(oneOf)) return oneOf.filter((one) => isValid(value, one)).length === 1;
  return [type].flat().some((kind) => KINDS[String(kind)]?.(value, schema));
}

const names = fc.constantFrom('a', 'ab', 'abc', 'b', 'é', 'x y', 'a"b', '😀', '-', ']', '^', 'n\n');
const short = fc.nat(3);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const given = (entries: object) => JSON.parse(JSON.stringify(entries)) as Schema;

const interval = (of: fc.Arbitrary<number>, type: string) =>
  fc
    .tuple(of, fc.integer({ min: 2, max: 3000 }), fc.subarray(['low', 'high']), fc.boolean())
    .map(([low, width, ends, open]) =>
      given({
        type,
        ...(ends.includes('low') && { [open ? 'exclusiveMinimum' : 'minimum']: low }),
        ...(ends.includes('high') && { [open ? 'exclusiveMaximum' : 'maximum']: low + width }),
      }),
    );

/** Schemas nested a few deep, of every keyword that texts are held to. */
export const schemas: fc.Arbitrary<Schema> = fc.letrec<{ schema: Schema }>((tie) => ({
  schema: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.tuple(maybe(short), maybe(short)).map(([minLength, more]) =>
      given({
        type: 'string',
        minLength,
        maxLength: more === undefined ? undefined : (minLength ?? 0) + more,
      }),
    ),
    interval(fc.integer({ min: -1200, max: 1200 }), 'integer'),
    interval(
      fc.integer({ min: -1200, max: 1200 }).map((n) => n / 8),
      'number',
    ),
    fc.constantFrom<Schema>({ type: 'boolean' }, { type: ['string', 'null'] }),
    fc.constantFrom<Schema>(
      { enum: ['a', 'é"\\\n', null, [1, { a: 2 }], '😀', 1.5e-7] },
      { type: 'string', const: 'x' },
      { const: { a: [1, {}] } },
    ),
    // Alike as far as that goes.
    fc
      .uniqueArray(fc.string({ unit: fc.constantFrom('0', '1', 'é', 'è'), maxLength: 6 }), {
        minLength: 1,
        maxLength: 5,
      })
      .map((list) => ({ enum: list })),
    fc.tuple(tie('schema'), tie('schema')).map((anyOf) => ({ anyOf })),
    fc.tuple(tie('schema'), maybe(fc.nat(2)), maybe(fc.nat(2))).map(([items, minItems, more]) =>
      given({
        type: 'array',
        items,
        minItems,
        maxItems: more === undefined ? undefined : (minItems ?? 0) + more,
      }),
    ),
    fc
      .tuple(tie('schema'), tie('schema'), fc.oneof(fc.boolean(), tie('schema')))
      .map(([a, b, items]) => ({ type: 'array', prefixItems: [a, b], items })),
    fc
      .tuple(
        fc.uniqueArray(fc.tuple(names, tie('schema'), fc.boolean()), {
          maxLength: 4,
          selector: ([name]) => name,
        }),
        maybe(fc.oneof(fc.boolean(), tie('schema'))),
      )
      .map(([members, additionalProperties]) =>
        given({
          type: 'object',
          properties: Object.fromEntries(members.map(([name, schema]) => [name, schema])),
          required: members.filter(([, , isRequired]) => isRequired).map(([name]) => name),
          additionalProperties,
        }),
      ),
  ),
})).schema;
