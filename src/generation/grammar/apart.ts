import { isOf } from './keywords.ts';

type Node = Readonly<Record<string, unknown>>;

/**
 * Whether no value can fit two schemas, as far as that shows at a glance: they are of different
 * kinds, list different values, or are objects told apart by a member that both require.
 *
 * @param find the schema that a `$ref` means
 */
export function areApart(a: unknown, b: unknown, find: (node: unknown) => unknown): boolean {
  const [one, other] = [find(a), find(b)] as [Node, Node];
  if (!isOf('object', one) || !isOf('object', other)) return false;
  const [ones, others] = [valuesOf(one), valuesOf(other)];
  if (ones && others)
    return !ones.some((value) => others.some((same) => text(value) === text(same)));
  if (ones) return ones.every((value) => !mayBe(other, value));
  if (others) return others.every((value) => !mayBe(one, value));
  const kinds = kindsOf(other);
  if (kindsOf(one)?.every((kind) => kinds?.every((same) => !overlap(kind, same))) && kinds)
    return true;
  return sharedMembers(one, other).some(([mine, its]) => areApart(mine, its, find));
}

const text = (value: unknown) => JSON.stringify(value);

function valuesOf({ enum: list, const: value, ...rest }: Node): readonly unknown[] | undefined {
  if (Array.isArray(list)) return list;
  return value === undefined || '$ref' in rest ? undefined : [value];
}

const kindsOf = ({ type }: Node): readonly unknown[] | undefined =>
  type === undefined ? undefined : [type].flat();

const mayBe = (node: Node, value: unknown) =>
  kindsOf(node)?.some((kind) => isOf(kind, value)) ?? true;

const overlap = (a: unknown, b: unknown) =>
  a === b || [a, b].every((kind) => kind === 'number' || kind === 'integer');

/** The schemas of the members that two objects both require. */
function sharedMembers(one: Node, other: Node): readonly (readonly [unknown, unknown])[] {
  const required = ({ type, required }: Node) =>
    type === 'object' && Array.isArray(required) ? (required as unknown[]) : [];
  const member = ({ properties }: Node, name: string) =>
    isOf('object', properties) && Object.hasOwn(properties as Node, name)
      ? (properties as Node)[name]
      : undefined;
  return required(one)
    .filter((name) => typeof name === 'string' && required(other).includes(name))
    .map((name) => [member(one, name as string), member(other, name as string)] as const);
}
