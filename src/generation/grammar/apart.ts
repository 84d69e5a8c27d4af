import { KelvinError } from '../../sampling/error.ts';
import { isOf } from './keywords.ts';
import type { Node } from './node.ts';

/** The schema that a `$ref` means. */
type Find = (ref: unknown) => unknown;

/**
 * Checks that no value fits two of some schemas, as `oneOf` wants it.
 *
 * @throws KelvinError `INVALID_OPTION`
 */
export function checkApart(nodes: readonly unknown[], path: string, find: Find): void {
  nodes.forEach((node, i) => {
    const j = nodes.findIndex((other, j) => j > i && !areApart(node, other, find, 1));
    if (j > 0)
      throw new KelvinError(
        'INVALID_OPTION',
        `${path} must be schemas that are told apart by their type or by the values of a member that all require, got ${i} and ${j}, which are not: use anyOf`,
      );
  });
}

/**
 * Whether that shows at a glance: they are of different kinds, list different values, or are objects
 * told apart by a member that both require.
 *
 * @param depth how deep to look for that member
 */
function areApart(a: unknown, b: unknown, find: Find, depth: number): boolean {
  const [one, other] = [a, b].map((node) => {
    const { $ref } = (node ?? {}) as Node;
    return $ref === undefined ? node : find($ref);
  }) as [Node, Node];
  if (!isOf('object', one) || !isOf('object', other)) return false;
  const [ones, others] = [valuesOf(one), valuesOf(other)];
  if (ones && others)
    return !ones.some((value) => others.some((same) => text(value) === text(same)));
  if (ones) return ones.every((value) => !mayBe(other, value));
  if (others) return others.every((value) => !mayBe(one, value));
  const kinds = kindsOf(other);
  if (kindsOf(one)?.every((kind) => kinds?.every((same) => !overlap(kind, same))) && kinds)
    return true;
  if (depth === 0) return false;
  return sharedMembers(one, other).some(([mine, its]) => areApart(mine, its, find, depth - 1));
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
