import type { Graph } from '../../../training/onnx.ts';
import { TYPES } from '../../../training/onnx-proto.ts';
import type { Places } from './places.ts';
import { fusedRotary, plainRotary, rotaryTables } from './rotary.ts';
import type { DecoderShape } from './shape.ts';

/** Names of a layer's cache: what it was, undefined in a branch without, and what it becomes. */
export interface Cache {
  readonly past?: readonly [key: string, value: string];
  readonly present: readonly [key: string, value: string];
}

/** From queries, keys and values side by side, [batch, sequence, ...], to what was looked up. */
export type Attention = (qkv: string, cache: Cache) => string;

export function attention(g: Graph, shape: DecoderShape, places: Places): Attention {
  if (shape.attention === 'concat') return concat(g, shape, places);
  return shape.attention === 'mha' ? multiHead(g, shape, places) : groupQuery(g, shape, places);
}

function apart(g: Graph, { width, heads, kvHeads }: DecoderShape, qkv: string) {
  const kv = (kvHeads * width) / heads;
  const parts = g.nodes('Split', [qkv, g.ints(width, kv, kv)], 3, { axis: -1 });
  return parts as [q: string, k: string, v: string];
}

const castTo = (g: Graph, type: 'float32' | 'float16') => (x: string) =>
  g.node('Cast', [x], { to: TYPES[type] });

const same = (x: string) => x;

function concat(g: Graph, shape: DecoderShape, places: Places): Attention {
  const { heads, kvHeads, width, cache } = shape;
  const size = width / heads;
  const bias = places.bias();
  const rotate = shape.family === 'llama' ? plainRotary(g, shape, places.positions) : same;
  const toCache = cache === 'float16' ? castTo(g, 'float16') : same;
  const fromCache = cache === 'float16' ? castTo(g, 'float32') : same;
  const split = (x: string, count: number) =>
    g.node('Transpose', [g.node('Reshape', [x, g.ints(0, 0, count, size)])], {
      perm: [0, 2, 1, 3],
    });
  /** Past and new tokens' rows under the cache's name, and once for each head that reads them. */
  const grown = (x: string, past: string | undefined, present: string) => {
    const parts = past === undefined ? [toCache(x)] : [past, toCache(x)];
    g.nodes('Concat', parts, [present], { axis: 2 });
    const all = fromCache(present);
    if (heads === kvHeads) return all;
    const repeats = g.ints(1, 1, heads / kvHeads, 1, 1);
    const repeated = g.node('Expand', [g.node('Unsqueeze', [all, g.ints(2)]), repeats]);
    return g.node('Reshape', [repeated, g.ints(0, heads, -1, size)]);
  };
  return (qkv, { past, present }) => {
    const [q, k, v] = apart(g, shape, qkv);
    const keys = grown(rotate(split(k, kvHeads)), past?.[0], present[0]);
    const values = grown(split(v, kvHeads), past?.[1], present[1]);
    const turned = g.node('Transpose', [keys], { perm: [0, 1, 3, 2] });
    const scores = g.node('MatMul', [rotate(split(q, heads)), turned]);
    const scaled = g.node('Div', [scores, g.float(Math.sqrt(size))]);
    const weights = g.node('Softmax', [g.node('Add', [scaled, bias])], { axis: -1 });
    const seen = g.node('MatMul', [weights, values]);
    const joined = g.node('Transpose', [seen], { perm: [0, 2, 1, 3] });
    return g.node('Reshape', [joined, g.ints(0, 0, width)]);
  };
}

/** It turns queries and keys itself where nobody tells it positions, or it has them packed. */
function groupQuery(g: Graph, shape: DecoderShape, places: Places): Attention {
  const { heads, kvHeads, window, cache } = shape;
  const packed = shape.attention === 'packed';
  const rotary = shape.family === 'llama';
  const inside = rotary && (packed || !shape.positions);
  const rotate = rotary && !inside ? fusedRotary(g, shape, places.positions) : same;
  const half = cache === 'float16';
  const toCache = half ? castTo(g, 'float16') : same;
  const lengths = places.lengths();
  const tables = inside ? rotaryTables(g, shape).map((x) => (half ? toCache(x) : x)) : [];
  const inputs = (qkv: string) => {
    if (packed) return [toCache(qkv), '', ''];
    const [q, k, v] = apart(g, shape, qkv);
    return [rotate(q), rotate(k), v].map(toCache);
  };
  return (qkv, { past, present }) => {
    const output = g.unique('GroupQueryAttention');
    g.nodes(
      'com.microsoft:GroupQueryAttention',
      [...inputs(qkv), ...(past ?? ['', '']), ...lengths, ...tables],
      [output, ...present],
      {
        num_heads: heads,
        kv_num_heads: kvHeads,
        do_rotary: inside ? 1 : 0,
        ...(window === undefined ? {} : { local_window_size: window }),
      },
    );
    return half ? castTo(g, 'float32')(output) : output;
  };
}

function multiHead(g: Graph, shape: DecoderShape, places: Places): Attention {
  const { heads, family, cache } = shape;
  const bias = places.bias();
  const rotate = family === 'llama' ? fusedRotary(g, shape, places.positions) : same;
  const half = cache === 'float16';
  const toCache = half ? castTo(g, 'float16') : same;
  const inputBias = toCache(bias);
  return (qkv, { past, present }) => {
    const [q, k, v] = apart(g, shape, qkv);
    const output = g.unique('MultiHeadAttention');
    const inputs = [rotate(q), rotate(k), v].map(toCache);
    g.nodes(
      'com.microsoft:MultiHeadAttention',
      [...inputs, '', '', inputBias, ...(past ?? [])],
      [output, ...present],
      { num_heads: heads },
    );
    return half ? castTo(g, 'float32')(output) : output;
  };
}
