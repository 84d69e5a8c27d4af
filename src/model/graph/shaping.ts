import type { Slot } from './cache.ts';
import type { Constants } from './constants.ts';
import type { Graph, Node } from './graph.ts';

/** Whether a transposition exchanges the last two axes. */
export function turns({ lists }: Node, rank: number): boolean {
  const axes = Array.from({ length: rank - 2 }, (_, axis) => axis);
  return lists.get('perm')?.join() === [...axes, rank - 1, rank - 2].join();
}

/** Whether one axis is added, in front of the last two. */
export function widens(node: Node, rank: number, constants: Constants): boolean {
  const [axis, ...others] = axesOf(node, constants) ?? [];
  if (axis === undefined || others.length > 0) return false;
  const place = axis < 0 ? axis + rank + 1 : axis;
  return place >= 0 && place <= rank - 2;
}

const axesOf = ({ inputs, lists }: Node, constants: Constants) =>
  inputs[1] ? constants.integers(inputs[1]) : lists.get('axes');

/**
 * The three nodes that repeat each head for those that share it, one after the other, the first of
 * which is given: [batch, heads, 1, tokens, size] becomes [batch, heads, shares, tokens, size] and
 * that becomes [batch, heads × shares, tokens, size].
 */
export function repeatOf(
  { past }: Slot,
  node: Node,
  graph: Graph,
  constants: Constants,
  onlyUse: (value: string) => Node | undefined,
): { readonly path: readonly Node[]; readonly shares: number } | undefined {
  if (node.op !== 'Unsqueeze' || axesOf(node, constants)?.join() !== '2') return undefined;
  const path = [node];
  for (const op of ['Expand', 'Reshape']) {
    const [value = ''] = path.at(-1)!.outputs;
    const next = onlyUse(value);
    if (next?.op !== op || next.inputs[0] !== value) return undefined;
    path.push(next);
  }
  const [, heads, , size] = past.dims!.map(Number);
  const sizes = sizesOf(graph, path[2]!.inputs[1] ?? '', constants);
  const shares = (sizes[1] ?? 0) / heads!;
  const isRepeat = shares > 0 && Number.isInteger(shares) && sizes[3] === size;
  return isRepeat && sizes.length === 4 ? { path, shares } : undefined;
}

/** A list of sizes as far as the file says; lists put together are taken to be of one each. */
function sizesOf(graph: Graph, value: string, constants: Constants): (number | undefined)[] {
  const known = constants.integers(value);
  if (known) return [...known];
  const node = graph.producers.get(value);
  if (node?.op !== 'Concat') return [];
  return node.inputs.flatMap(
    (part): readonly (number | undefined)[] => constants.integers(part) ?? [undefined],
  );
}

/** A scalar that `value` is multiplied with or divided by. */
export function scaleOf(
  { op, inputs }: Node,
  value: string,
  constants: Constants,
): { readonly op: string; readonly by: string } | undefined {
  const [a = '', b = ''] = inputs;
  const by = op === 'Mul' && b === value ? a : b;
  const isScale = op === 'Mul' || (op === 'Div' && a === value);
  return isScale && constants.isScalar(by) ? { op, by } : undefined;
}
