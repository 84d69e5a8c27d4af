import type { Slot } from './cache.ts';
import type { Constants } from './constants.ts';
import type { Graph, Node } from './graph.ts';
import { FLOAT32 } from './schema.ts';
import { repeatOf, scaleOf, turns, widens } from './shaping.ts';

/** How attention in plain operators reads a cache of one layer. */
export interface Reading {
  readonly slot: Slot;
  /** The first factor of the product whose second one is the cache. */
  readonly left: string;
  /** Whether its tokens are columns there, as those of keys are, or rows. */
  readonly isTurned: boolean;
  /** Nodes that give it an axis of size 1 in front of tokens and sizes. */
  readonly widened: readonly Node[];
  /** How many heads share each of its own, where it is repeated for them. */
  readonly shares: number | undefined;
  /** A scalar that the product is multiplied with or divided by. */
  readonly scale: { readonly op: string; readonly by: string } | undefined;
  /** All nodes from the join to the product and its scale, none of which has another use. */
  readonly path: readonly Node[];
  /** Nodes that only ask how large it is. */
  readonly measures: readonly Node[];
}

/**
 * How a cache is read, or why it cannot be read in two parts.
 *
 * @param dropped nodes that are there no more
 */
export function readingOf(
  graph: Graph,
  slot: Slot,
  dropped: ReadonlySet<Node>,
  constants: Constants,
): Reading | string {
  const { join, past, present } = slot;
  const [joined = ''] = join.outputs;
  if (join.op !== 'Concat') return `${join.op} reads ${past.name} itself`;
  if (join.inputs[0] !== past.name || past.type !== FLOAT32) return `${past.name} is not float32`;
  const usesOf = (value: string) =>
    (graph.consumers.get(value) ?? []).filter((node) => !dropped.has(node));
  const measures = usesOf(joined).filter(isMeasure);
  const onlyUse = (value: string): Node | undefined => {
    const uses = usesOf(value).filter((node) => !measures.includes(node));
    const isGiven = graph.outputs.has(value) && value !== present.name;
    return uses.length === 1 && !isGiven ? uses[0] : undefined;
  };
  const path = [join];
  const widened: Node[] = [];
  let isTurned = false;
  let shares: number | undefined;
  for (let rank = past.dims!.length; ; ) {
    const [value = ''] = path.at(-1)!.outputs;
    const node = onlyUse(value);
    if (!node || path.includes(node)) return `${value} is used beside the attention`;
    const repeat = path.length === 1 ? repeatOf(slot, node, graph, constants, onlyUse) : undefined;
    if (repeat) {
      shares = repeat.shares;
      widened.push(node);
      path.push(...repeat.path);
    } else if (node.op === 'Transpose' && turns(node, rank)) {
      isTurned = !isTurned;
      path.push(node);
    } else if (node.op === 'Unsqueeze' && !shares && widens(node, rank, constants)) {
      rank++;
      widened.push(node);
      path.push(node);
    } else if (node.op === 'MatMul' && node.inputs[1] === value) {
      path.push(node);
      break;
    } else return `${past.name} goes through ${node.op}`;
  }
  const product = path.at(-1)!;
  const scaler = isTurned ? onlyUse(product.outputs[0]!) : undefined;
  const scale = scaler && scaleOf(scaler, product.outputs[0]!, constants);
  if (scale) path.push(scaler);
  return { slot, left: product.inputs[0]!, isTurned, widened, shares, scale, path, measures };
}

const isMeasure = ({ op, integers }: Node) => op === 'Shape' && integers.size === 0;
