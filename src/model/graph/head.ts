import { type Edit, ROWS } from './edit.ts';
import { ancestors, type Graph, isFixed, type Node } from './graph.ts';
import { INT64 } from './schema.ts';

/** Where a graph turns hidden states into logits. */
interface Head {
  /** The multiplication with the vocabulary: its first input has a row per token. */
  readonly node: Node;
  /** What gives a flat head's logits their three axes. */
  readonly reshape: Node | undefined;
  /** The values from the head on, up to the logits. */
  readonly path: readonly string[];
}

const LOGITS = 'logits';
const ONE_INPUT = new Set(['Cast', 'Identity', 'Tanh', 'Neg']);
const TWO_INPUTS = new Set(['Add', 'Sub', 'Mul', 'Div']);
/** The one head that takes all tokens as one list. */
const FLAT = 'Gemm';
const HEADS = new Set([
  FLAT,
  'MatMul',
  'MatMulInteger',
  'com.microsoft:FusedMatMul',
  'com.microsoft:MatMulNBits',
  'com.microsoft:MatMulBnb4',
  'com.microsoft:MatMulIntegerToFloat',
]);
/** What may stand between the layers and the head and keeps rows apart. */
const ROW_BY_ROW = new Set([
  ...ONE_INPUT,
  ...TWO_INPUTS,
  'Pow',
  'Sqrt',
  'Reciprocal',
  'ReduceMean',
  'DynamicQuantizeLinear',
  'LayerNormalization',
  'RMSNormalization',
  'SimplifiedLayerNormalization',
  'com.microsoft:SkipLayerNormalization',
  'com.microsoft:SkipSimplifiedLayerNormalization',
]);
const CHOOSES_ROWS = new Set(['Slice', 'Gather', 'GatherND', 'GatherElements', 'Compress']);

/**
 * Has the head see only the tokens asked for. Those are the input `kelvin.rows`, int64 [1, n]:
 * places in the list of all tokens of a run, batch × sequence of them, for logits
 * [1, n, vocabulary].
 *
 * Such a list serves the last token, the last one of each text of a batch, whose places differ,
 * and none at all between the chunks of a prompt; and it costs what cutting off the last token
 * would: one copy of n hidden states.
 *
 * @returns why the graph is left as it is, or undefined when it is edited
 */
export function editHead(graph: Graph, edit: Edit): string | undefined {
  const head = findHead(graph);
  if (typeof head === 'string') return head;
  const { node, reshape, path } = head;
  const logits = graph.outputs.get(LOGITS)!;

  edit.inputs.push({ name: ROWS, type: INT64, dims: [1, ROWS] });
  if (reshape) {
    // A flat head takes the list flat, and its logits get the axes of a batch of one.
    const flat = edit.node('Reshape', [ROWS, edit.constant([-1])]);
    edit.rewire(node, 0, edit.node('Gather', [node.inputs[0]!, flat], { axis: 0 }));
    edit.rewire(reshape, 1, edit.constant([1, -1, Number(logits.dims![2])]));
  } else {
    const tokens = edit.node('Flatten', [node.inputs[0]!], { axis: 2 });
    edit.rewire(node, 0, edit.node('Gather', [tokens, ROWS], { axis: 0 }));
  }
  for (const value of path) edit.reshaped.add(value);
  // With names of their own for its sizes, onnxruntime cannot plan memory by those it had before.
  edit.outputs.set(LOGITS, { ...logits, dims: [1, ROWS, logits.dims![2]!] });
  return undefined;
}

function findHead(graph: Graph): Head | string {
  if (graph.inputs.has('num_logits_to_keep')) return 'it takes num_logits_to_keep';
  const logits = graph.outputs.get(LOGITS);
  if (logits?.dims?.length !== 3) return 'its logits are not declared with three axes';
  if (logits.dims[1] === 1) return 'it gives one row of logits';

  const path: string[] = [];
  let reshape: Node | undefined;
  for (let value = LOGITS; path.length <= graph.nodes.length; ) {
    path.push(value);
    const uses = graph.consumers.get(value)?.length ?? 0;
    if (uses !== (value === LOGITS ? 0 : 1) || (value !== LOGITS && graph.outputs.has(value)))
      return `${value} is used beside the logits`;
    const node = graph.producers.get(value);
    if (!node) return `${value} comes from no operator`;
    if (HEADS.has(node.op)) return refusal(graph, node, reshape) ?? { node, reshape, path };
    if (node.op === 'Reshape' && graph.producers.get(node.inputs[0]!)?.op === FLAT) {
      if (typeof logits.dims[2] !== 'number') return 'its vocabulary has no declared size';
      reshape = node;
    }
    const next = node === reshape ? node.inputs[0] : onward(graph, node);
    if (next === undefined) return `its logits come from ${node.op}`;
    value = next;
  }
  return 'its logits depend on themselves';
}

/** The one input of an elementwise operator that has a row per token. */
function onward(graph: Graph, { op, inputs }: Node): string | undefined {
  if (ONE_INPUT.has(op)) return inputs[0];
  if (!TWO_INPUTS.has(op)) return undefined;
  const rows = inputs.filter((input) => !isFixed(graph, input));
  return rows.length === 1 ? rows[0] : undefined;
}

/** Why a head cannot be given fewer rows. */
function refusal(graph: Graph, head: Node, reshape: Node | undefined): string | undefined {
  const [hidden, ...others] = head.inputs;
  const { integers } = head;
  const turned = ['transA', 'transBatchA'].some((name) => integers.get(name));
  if (!hidden || turned || others.some((input) => input && !isFixed(graph, input)))
    return `its ${head.op} does not multiply rows with weights`;
  if ((head.op === FLAT) !== (reshape !== undefined)) return `its ${head.op} has odd axes`;
  const through = (node: Node) => ROW_BY_ROW.has(node.op);
  for (const { node } of ancestors(graph, [hidden], through))
    if (node && CHOOSES_ROWS.has(node.op) && !isFixed(graph, node.inputs[0]!))
      return `it chooses rows itself, by ${node.op}`;
  return undefined;
}
