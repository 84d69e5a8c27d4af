import { GROUPED, LENGTHS, type Slot } from './cache.ts';
import { ancestors, type Graph, type Node } from './graph.ts';

/**
 * Where a past may have room for rows to come, which a graph must not see. `left`: before its
 * rows, where `attention_mask` is 0. `right`: behind them, where `attention_mask` does not reach.
 * `none`: it must be as long as the text so far.
 */
export type Padding = 'left' | 'right' | 'none';

/**
 * The padding under which a graph gives the logits that it gives without.
 *
 * Left: what a graph counts for itself, such as a causal mask, a sliding window or a linear bias,
 * it counts in distances between tokens, and those stay as they are if the room is in front. What
 * it must be told is where in its text a token is, and what is no token: so `position_ids` and the
 * elements, not only the length, of `attention_mask` must have a say.
 *
 * Right: grouped attention has the length of a text from the row sums of `attention_mask` and puts
 * new rows there, so nothing else may look at the past, and positions must not come from it.
 */
export function paddingOf(graph: Graph, slots: readonly Slot[]): Padding {
  const uses = liveUses(graph);
  const isSaid = (input: string, to: string) => graph.inputs.has(input) && says(uses, input, to);
  const grouped = slots.filter(({ join }) => join.op === GROUPED);
  if (grouped.length === 0)
    return isSaid('attention_mask', 'logits') && isSaid('position_ids', 'logits') ? 'left' : 'none';
  const rotated = grouped.every(({ join }) => join.integers.get('do_rotary') === 1);
  const suits = ({ past, join }: Slot) =>
    isSaid('attention_mask', join.inputs[LENGTHS] ?? '') &&
    !join.inputs[BIAS] &&
    uses.get(past.name)?.every((node) => node.op === GROUPED);
  return slots.every(suits) && (rotated || isSaid('position_ids', 'logits')) ? 'right' : 'none';
}

/** Grouped attention's input of what is added to scores, which is as wide as it likes. */
const BIAS = 10;

type Uses = ReadonlyMap<string, readonly Node[]>;

/** Which nodes take a value, except those that come to nothing. */
function liveUses(graph: Graph): Uses {
  const live = new Set<Node>();
  for (const { node } of ancestors(graph, graph.outputs.keys())) if (node) live.add(node);
  return new Map(
    [...graph.consumers].map(([value, nodes]) => [value, nodes.filter((node) => live.has(node))]),
  );
}

/** Whether a value depends on the elements of another, and not only on how many there are. */
function says(uses: Uses, from: string, to: string): boolean {
  const seen = new Set([from]);
  for (const value of seen)
    for (const node of uses.get(value) ?? [])
      if (node.op !== 'Shape' && node.op !== 'Size')
        for (const output of node.outputs) seen.add(output);
  return seen.has(to);
}
