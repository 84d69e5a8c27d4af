import { type Slot, TOKENS } from './cache.ts';
import type { Constants } from './constants.ts';
import type { Edit } from './edit.ts';
import type { Graph, Node } from './graph.ts';
import { type Reading, readingOf } from './reading.ts';

/** Where rows of all heads are shorter, joining them costs less than more operators do. */
const WORTH_READING_APART = 128;

/**
 * Has attention in plain operators read past and new rows apart, which it would join: scores of
 * either are computed by themselves and put side by side, and so are the sums of values, which are
 * added up. A step then copies a score for each row of the past, and not the row.
 *
 * @param slots all that the graph has, of which only new rows are given out
 * @returns why the graph is left as it is, or undefined when it is edited
 */
export function editAttention(
  graph: Graph,
  slots: readonly Slot[],
  edit: Edit,
  constants: Constants,
): string | undefined {
  if (graph.nodes.some(roundsInputs)) return 'its products round what they are given';
  const readings: Reading[] = [];
  for (const slot of slots) {
    const reading = readingOf(graph, slot, edit.dropped, constants);
    if (typeof reading === 'string') return reading;
    const [, heads, , size] = slot.past.dims!.map(Number);
    if (heads! * size! < WORTH_READING_APART) return `rows of ${slot.past.name} are short`;
    readings.push(reading);
  }
  for (const reading of readings) {
    for (const node of reading.path) {
      edit.dropped.add(node);
      for (const value of node.outputs) edit.reshaped.add(value);
    }
    for (const node of reading.measures) measure(edit, reading.slot, node);
    const result = reading.isTurned ? scores(edit, reading) : sums(edit, reading);
    edit.give(result, reading.path.at(-1)!.outputs[0]!);
  }
  return undefined;
}

/**
 * Products with what they are given in eight bits: they make a step of those of a last bit, and
 * last bits are what additions in another order change.
 */
const roundsInputs = ({ op, integers }: Node) =>
  op.includes('DynamicQuantize') ||
  (op.endsWith(':MatMulNBits') && integers.get('accuracy_level') === 4);

/** Of keys: a query's scores, of the past's rows and then of the new ones. */
function scores(edit: Edit, reading: Reading): string {
  let queries = reading.left;
  if (reading.scale) {
    const scaled = edit.node(reading.scale.op, [queries, reading.scale.by]);
    // Seen beside the product, the scale would become part of it, and onnxruntime has a slower way
    // for a single row that is scaled.
    queries = edit.node('Reshape', [scaled, edit.node('Shape', [queries])]);
  }
  const grouped = withHeads(edit, reading, queries, 'shared');
  const parts = factors(edit, reading).map((keys) => edit.node('MatMul', [grouped, keys]));
  return withHeads(edit, reading, edit.node('Concat', parts, { axis: -1 }), 'all');
}

/** Of values: the sums weighed by what a softmax gave each row of the past and each new one. */
function sums(edit: Edit, reading: Reading): string {
  const weights = withHeads(edit, reading, reading.left, 'shared');
  const past = lengthOf(edit, reading.slot.past.name);
  const [first, last, axis] = [[0], [Number.MAX_SAFE_INTEGER], [-1]].map((n) => edit.constant(n));
  const cuts = [
    [first!, past],
    [past, last!],
  ];
  const parts = factors(edit, reading).map((values, i) => {
    const cut = edit.node('Slice', [weights, ...cuts[i]!, axis!]);
    return edit.node('MatMul', [cut, values]);
  });
  return withHeads(edit, reading, edit.node('Add', parts), 'all');
}

/** The past and the new rows, each as the product takes them. */
function factors(edit: Edit, { slot, widened, isTurned }: Reading): readonly string[] {
  return [slot.past.name, slot.join.inputs[1]!].map((rows) => {
    let factor = rows;
    for (const { op, inputs, lists } of widened)
      factor = edit.node(op, [factor, ...inputs.slice(1)], Object.fromEntries(lists));
    if (!isTurned) return factor;
    // Turned last of all, onnxruntime's product takes it as it lies.
    const axes = Array.from({ length: slot.past.dims!.length + widened.length }, (_, axis) => axis);
    const perm = [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!];
    return edit.node('Transpose', [factor], { perm });
  });
}

/**
 * Where heads share keys and values, [batch, heads, tokens, any] with an axis for those that share
 * one behind the axis of those, or without.
 */
function withHeads(edit: Edit, { slot, shares }: Reading, rows: string, heads: 'shared' | 'all') {
  if (shares === undefined) return rows;
  const own = Number(slot.past.dims![1]);
  const counts = edit.constant(heads === 'shared' ? [0, own, shares] : [0, own * shares]);
  const shape = edit.node('Shape', ['input_ids']);
  const tokens = edit.node('Slice', [shape, edit.constant([1]), edit.constant([2])]);
  const sizes = edit.node('Concat', [counts, tokens, edit.constant([-1])], { axis: 0 });
  return edit.node('Reshape', [rows, sizes]);
}

/** How many rows there are, as a list of one. */
const lengthOf = (edit: Edit, rows: string) => sizesOf(edit, rows, TOKENS, TOKENS + 1);

function sizesOf(edit: Edit, value: string, from: number, to: number): string {
  const shape = edit.node('Shape', [value]);
  return edit.node('Slice', [shape, edit.constant([from]), edit.constant([to])]);
}

/** What a node that asks for the shape of all rows says. */
function measure(edit: Edit, { past, join }: Slot, node: Node): void {
  const length = edit.node('Add', [lengthOf(edit, past.name), lengthOf(edit, join.inputs[1]!)]);
  const [before, behind] = [
    sizesOf(edit, past.name, 0, TOKENS),
    sizesOf(edit, past.name, TOKENS + 1, TOKENS + 2),
  ];
  edit.dropped.add(node);
  edit.give(edit.node('Concat', [before, length, behind], { axis: 0 }), node.outputs[0]!);
}
