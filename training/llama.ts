/** The Llama graph with a key/value cache, in plain operators, as transformers.js names things. */
import { Graph, type Storage } from './onnx.ts';

/** Sizes of a model, and its parameters as the trainer orders them. */
export interface Llama {
  readonly vocabulary: number;
  readonly width: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly inner: number;
  readonly context: number;
  /** The embedding [vocabulary, width], each layer, and the last norm: weights are [out, in]. */
  readonly parameters: Float32Array;
}

const HEAD = 32;
const THETA = 10000;
const EPSILON = 1e-5;

export function llamaGraph(m: Llama, storage: Storage): Graph {
  const g = new Graph('kelvin-story');
  let at = 0;
  const take = (n: number) => {
    at += n;
    return m.parameters.subarray(at - n, at);
  };
  const linear = (name: string, inputs: number, outputs: number) =>
    g.weight(name, [inputs, outputs], transpose(take(inputs * outputs), outputs, inputs), storage);

  const ids = g.input('input_ids', 'int64', ['batch_size', 'sequence_length']);
  const mask = g.input('attention_mask', 'int64', ['batch_size', 'total_sequence_length']);
  const positions = g.input('position_ids', 'int64', ['batch_size', 'sequence_length']);
  const past = Array.from({ length: m.layers }, (_, i) =>
    ['key', 'value'].map((part) =>
      g.input(`past_key_values.${i}.${part}`, 'float32', [
        'batch_size',
        m.kvHeads,
        'past_sequence_length',
        HEAD,
      ]),
    ),
  );

  const embedding = take(m.vocabulary * m.width);
  const table = g.weight('embed', [m.vocabulary, m.width], embedding, storage, 0);
  const bias = maskBias(g, ids, mask);
  const rotate = rotary(g, positions, m.context);
  const epsilon = g.float(EPSILON);
  const scale = g.float(1 / Math.sqrt(HEAD));
  const norm = (x: string, name: string) => {
    const gain = g.constant(name, 'float32', [m.width], take(m.width));
    const mean = g.node('ReduceMean', [g.node('Mul', [x, x])], { axes: [-1], keepdims: 1 });
    const root = g.node('Sqrt', [g.node('Add', [mean, epsilon])]);
    return g.node('Mul', [g.node('Div', [x, root]), gain]);
  };
  /** [batch, sequence, heads * HEAD] -> [batch, heads, sequence, HEAD] */
  const split = (x: string, heads: number) =>
    g.node('Transpose', [g.node('Reshape', [x, g.ints(0, 0, heads, HEAD)])], {
      perm: [0, 2, 1, 3],
    });

  let x = g.node('Gather', [table, ids]);
  for (let i = 0; i < m.layers; i++) {
    const kv = m.kvHeads * HEAD;
    const normed = norm(x, `layers.${i}.attention_norm`);
    const qkv = linear(`layers.${i}.qkv`, m.width, m.width + 2 * kv);
    const [q = '', k = '', v = ''] = g.nodes(
      'Split',
      [g.node('MatMul', [normed, qkv]), g.ints(m.width, kv, kv)],
      3,
      { axis: -1 },
    );
    const [oldKeys = '', oldValues = ''] = past[i] ?? [];
    const keys = g.node('Concat', [oldKeys, rotate(split(k, m.kvHeads))], { axis: 2 });
    const values = g.node('Concat', [oldValues, split(v, m.kvHeads)], { axis: 2 });
    // The query heads of one key/value head stand side by side on an axis of their own, so that
    // keys and values are broadcast over them and not copied.
    const query = g.node('Reshape', [
      g.node('Mul', [rotate(split(q, m.heads)), scale]),
      g.ints(0, m.kvHeads, m.heads / m.kvHeads, -1, HEAD),
    ]);
    const turned = g.node('Transpose', [keys], { perm: [0, 1, 3, 2] });
    const scores = g.node('MatMul', [query, g.node('Unsqueeze', [turned, g.ints(2)])]);
    const weights = g.node('Softmax', [g.node('Add', [scores, bias])], { axis: -1 });
    const heads = g.node('MatMul', [weights, g.node('Unsqueeze', [values, g.ints(2)])]);
    const apart = g.node('Reshape', [heads, g.ints(0, m.heads, -1, HEAD)]);
    const joined = g.node('Reshape', [
      g.node('Transpose', [apart], { perm: [0, 2, 1, 3] }),
      g.ints(0, 0, m.width),
    ]);
    x = g.node('Add', [
      x,
      g.node('MatMul', [joined, linear(`layers.${i}.attention_out`, m.width, m.width)]),
    ]);
    const inner = norm(x, `layers.${i}.mlp_norm`);
    const gateUp = g.node('MatMul', [inner, linear(`layers.${i}.gate_up`, m.width, 2 * m.inner)]);
    const [gate = '', up = ''] = g.nodes('Split', [gateUp, g.ints(m.inner, m.inner)], 2, {
      axis: -1,
    });
    const hidden = g.node('Mul', [g.node('Mul', [gate, g.node('Sigmoid', [gate])]), up]);
    x = g.node('Add', [
      x,
      g.node('MatMul', [hidden, linear(`layers.${i}.down`, m.inner, m.width)]),
    ]);
    for (const [part, value] of [
      ['key', keys],
      ['value', values],
    ] as const) {
      g.output(value, `present.${i}.${part}`, 'float32', [
        'batch_size',
        m.kvHeads,
        'total_sequence_length',
        HEAD,
      ]);
    }
  }
  const last = norm(x, 'final_norm');
  const logits = g.node('MatMul', [last, g.node('Transpose', [table], { perm: [1, 0] })]);
  g.output(logits, 'logits', 'float32', ['batch_size', 'sequence_length', m.vocabulary]);
  if (at !== m.parameters.length) throw new Error(`${m.parameters.length - at} parameters unused`);
  return g;
}

function transpose(x: Float32Array, rows: number, cols: number): Float32Array {
  return Float32Array.from(x, (_, i) => x[(i % rows) * cols + Math.floor(i / rows)] ?? 0);
}

/** 0 where a query may look, -1e9 where it may not: [batch, 1, 1, sequence, total]. */
function maskBias(g: Graph, ids: string, mask: string): string {
  const size = (x: string) =>
    g.node('Squeeze', [g.node('Slice', [g.node('Shape', [x]), g.ints(1), g.ints(2)])]);
  const zero = g.node('Squeeze', [g.ints(0)]);
  const step = g.node('Squeeze', [g.ints(1)]);
  const total = size(mask);
  const first = g.node('Sub', [total, size(ids)]);
  const keys = g.node('Range', [zero, total, step]);
  const queries = g.node('Unsqueeze', [g.node('Range', [first, total, step]), g.ints(1)]);
  const causal = g.node('LessOrEqual', [keys, queries]);
  const present = g.node('Unsqueeze', [g.node('Cast', [mask], { to: 9 }), g.ints(1, 2, 3)]);
  const seen = g.node('And', [causal, present]);
  return g.node('Where', [seen, g.float(0), g.float(-1e9)]);
}

/** Rotates the two halves of each head by the position's angles. */
function rotary(g: Graph, positions: string, context: number): (x: string) => string {
  const angle = (i: number) => Math.floor(i / HEAD) * THETA ** ((-2 * (i % (HEAD / 2))) / HEAD);
  const lookup = (name: string, f: (x: number) => number) => {
    const values = Float32Array.from({ length: context * HEAD }, (_, i) => f(angle(i)));
    const table = g.constant(name, 'float32', [context, HEAD], values);
    return g.node('Unsqueeze', [g.node('Gather', [table, positions]), g.ints(1)]);
  };
  const cosine = lookup('rotary_cos', Math.cos);
  const sine = lookup('rotary_sin', Math.sin);
  return (x) => {
    const [a = '', b = ''] = g.nodes('Split', [x, g.ints(HEAD / 2, HEAD / 2)], 2, { axis: -1 });
    const turned = g.node('Concat', [g.node('Neg', [b]), a], { axis: -1 });
    return g.node('Add', [g.node('Mul', [x, cosine]), g.node('Mul', [turned, sine])]);
  };
}
