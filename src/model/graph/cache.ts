import { COUNT, type Edit, NEW } from './edit.ts';
import type { Graph, Node, Value } from './graph.ts';
import { INT64 } from './schema.ts';

/** A key or value cache of one layer. */
export interface Slot {
  /** The input with the rows so far. */
  readonly past: Value;
  /** The output with those and the new ones. */
  readonly present: Value;
  /** The operator that puts them together, and which of its outputs it is. */
  readonly join: Node;
  readonly index: number;
  /** What stands between that and the output: changes of name or type, the last one first. */
  readonly wraps: readonly Node[];
}

export const GROUPED = 'com.microsoft:GroupQueryAttention';
/** Its input with each sequence's length, new tokens included, less one. */
export const LENGTHS = 5;

/** Operators that join, by how far the past's input number is from the output's number. */
const JOINS = new Map([
  ['Concat', 0],
  ['Attention', 3],
  [GROUPED, 2],
  ['com.microsoft:MultiHeadAttention', 5],
]);
/** Inputs which tell an operator that its past is something else than rows so far. */
const OTHERWISE = new Map([
  ['Attention', 6],
  ['com.microsoft:MultiHeadAttention', 8],
]);
const WRAPS = new Set(['Identity', 'Cast']);
/** Axis of the tokens in [batch, heads, tokens, size]. */
export const TOKENS = 2;

/** The caches of a graph, or why they cannot be told apart into past and new rows. */
export function findCache(graph: Graph): readonly Slot[] | string {
  const pasts = [...graph.inputs.values()].filter(({ name }) => name.startsWith(PAST));
  if (pasts.length === 0) return 'the graph has none';
  const slots: Slot[] = [];
  for (const past of pasts) {
    const present = graph.outputs.get(past.name.replace(PAST, PRESENT));
    if (!present) return `${past.name} has no output`;
    if (past.dims?.length !== 4 || present.dims?.length !== 4)
      return `${past.name} is not declared with four axes`;
    const [value, wraps] = unwrap(graph, present.name);
    const join = graph.producers.get(value);
    const index = join?.outputs.indexOf(value) ?? -1;
    if (!join || !isJoin(graph, join, index, past.name))
      return `${present.name} is not joined from the past and new rows (${join?.op})`;
    slots.push({ past, present, join, index, wraps });
  }
  return slots;
}

const PAST = 'past_key_values.';
const PRESENT = 'present.';

function isJoin(graph: Graph, join: Node, index: number, past: string): boolean {
  const { op, inputs, integers } = join;
  const offset = JOINS.get(op);
  if (offset === undefined || unwrap(graph, inputs[index + offset] ?? '')[0] !== past) return false;
  if (inputs[OTHERWISE.get(op) ?? -1]) return false;
  if (op !== 'Concat') return index > 0;
  const axis = integers.get('axis');
  return inputs.length === 2 && (axis === TOKENS || axis === TOKENS - 4);
}

/** What a value is but for its name and type, and the nodes in between. */
function unwrap(graph: Graph, value: string): [value: string, wraps: Node[]] {
  const wraps: Node[] = [];
  for (;;) {
    const node = graph.producers.get(value);
    if (!node || !WRAPS.has(node.op) || wraps.includes(node)) return [value, wraps];
    wraps.push(node);
    value = node.inputs[0] ?? '';
  }
}

/** Has the graph give the rows of its new tokens, `new.*`, in place of each `present.*`. */
export function editCache(graph: Graph, slots: readonly Slot[], edit: Edit): void {
  for (const slot of slots) {
    const { present, wraps } = slot;
    const name = present.name.replace(PRESENT, NEW);
    let rows = newRows(edit, slot);
    for (const { op, integers } of wraps.toReversed())
      if (op === 'Cast') rows = edit.node(op, [rows], Object.fromEntries(integers));
    edit.give(rows, name);
    const dims = present.dims!.map((size, axis) => (axis === TOKENS ? COUNT : size));
    edit.outputs.set(present.name, { name, type: present.type, dims });
    // What only led to the old output would go on copying the whole cache.
    for (const node of wraps) {
      const uses = graph.consumers.get(node.outputs[0]!) ?? [];
      if (uses.every((use) => edit.dropped.has(use))) edit.dropped.add(node);
    }
  }
}

function newRows(edit: Edit, { join, index }: Slot): string {
  if (join.op === 'Concat') return join.inputs[1]!;
  const shape = edit.node('Shape', ['input_ids']);
  const present = join.outputs[index]!;
  if (join.op === GROUPED) {
    const places = newPlaces(edit, join, edit.node('Gather', [shape, edit.constant(1)]));
    return edit.node('GatherND', [present, places], { batch_dims: 2 });
  }
  const count = edit.node('Slice', [shape, edit.constant([1]), edit.constant([2])]);
  const [end, axis] = [edit.constant([Number.MAX_SAFE_INTEGER]), edit.constant([TOKENS])];
  return edit.node('Slice', [present, edit.node('Neg', [count]), end, axis]);
}

/**
 * Where grouped attention puts new rows, [batch, heads, count, 1]: behind the last one of each
 * sequence, which is at `total - count` and not at the end where the past has room to spare; from 0
 * on in a prompt, even if it is shorter than its batch.
 */
function newPlaces(edit: Edit, { inputs, integers }: Node, count: string): string {
  const [zero, one] = [edit.constant(0), edit.constant(1)];
  // Its lengths are those of the whole sequences, less one.
  const total = edit.node('Add', [edit.node('Cast', [inputs[LENGTHS]!], { to: INT64 }), one]);
  const first = edit.node('Max', [edit.node('Sub', [total, count]), zero]);
  const steps = edit.node('Range', [zero, count, one]);
  const place = edit.node('Add', [
    edit.node('Reshape', [first, edit.constant([-1, 1, 1, 1])]),
    edit.node('Reshape', [steps, edit.constant([-1, 1])]),
  ]);
  const heads = integers.get('kv_num_heads') ?? 0;
  return edit.node('Expand', [place, edit.constant([1, heads, 1, 1])]);
}
