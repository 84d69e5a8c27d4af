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
 * it must be told is where in its text a token is, by `position_ids`, and what is no token: the
 * elements, not only the length, of `attention_mask` must have a say wherever attention is shared
 * out. Room behind the rows would come between them and the new ones, and no window expects that.
 *
 * Right: grouped attention has the length of a text from the row sums of `attention_mask` and puts
 * new rows there, so nothing else may look at the past, and positions must not come from it.
 */
export function paddingOf(graph: Graph, slots: readonly Slot[]): Padding {
  const uses = liveUses(graph);
  const masked = dependents(uses, 'attention_mask');
  const placed = dependents(uses, 'position_ids').has('logits');
  const grouped = slots.filter(({ join }) => join.op === GROUPED);
  if (grouped.length === 0) {
    const shares = graph.nodes.filter(({ op }) => SHARE_OUT.has(op));
    const told = shares.length > 0 && shares.every(({ outputs }) => masked.has(outputs[0]!));
    // What branches decide on is mostly a length, such as that from which angles are scaled.
    const decides = graph.nodes.some(({ captured }) => captured.length > 0);
    return placed && told && !decides ? 'left' : 'none';
  }
  const suits = ({ past, join }: Slot) =>
    join.op === GROUPED &&
    masked.has(join.inputs[LENGTHS]!) &&
    !join.inputs[BIAS] &&
    (placed || join.integers.get('do_rotary') === 1) &&
    uses.get(past.name)?.every((node) => node.op === GROUPED);
  return slots.every(suits) ? 'right' : 'none';
}

/** Grouped attention's input of what is added to scores, which is as wide as it likes. */
const BIAS = 10;

const SHARE_OUT = new Set(['Softmax', 'Attention', 'com.microsoft:MultiHeadAttention']);

type Uses = ReadonlyMap<string, readonly Node[]>;

/** Which nodes take a value, except those that come to nothing. */
function liveUses(graph: Graph): Uses {
  const live = new Set<Node>();
  for (const { node } of ancestors(graph, graph.outputs.keys())) if (node) live.add(node);
  return new Map(
    [...graph.consumers].map(([value, nodes]) => [value, nodes.filter((node) => live.has(node))]),
  );
}

/** The values that depend on the elements of an input, and not only on how many there are. */
function dependents(uses: Uses, input: string): ReadonlySet<string> {
  const seen = new Set([input]);
  for (const value of seen)
    for (const { op, outputs } of uses.get(value) ?? [])
      if (op !== 'Shape' && op !== 'Size') for (const output of outputs) seen.add(output);
  return seen;
}
