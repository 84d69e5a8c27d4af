import { toFloat16 } from '../../../training/float16.ts';
import { Graph } from '../../../training/onnx.ts';
import { TYPES } from '../../../training/onnx-proto.ts';
import { attention, type Cache } from './attention.ts';
import { gelu, swiglu } from './feed-forward.ts';
import { head } from './head.ts';
import { multiply } from './linear.ts';
import { addAndNorm } from './norm.ts';
import { places } from './places.ts';
import type { DecoderShape } from './shape.ts';
import { biasNumbers, embeddingNumbers, linearNumbers, placeNumbers } from './weights.ts';

/** The decoder as an exporter in the transformers.js layout would write it. */
export function decoderGraph(shape: DecoderShape): Graph {
  const g = new Graph('main_graph');
  g.input('input_ids', 'int64', ['batch_size', 'sequence_length']);
  if (shape.mask) g.input('attention_mask', 'int64', ['batch_size', 'total_sequence_length']);
  if (shape.positions) g.input('position_ids', 'int64', ['batch_size', 'sequence_length']);
  if (shape.keep) g.input('num_logits_to_keep', 'int64', []);
  for (const name of cacheNames(shape))
    g.input(`past_key_values.${name}`, shape.cache, cacheDims(shape, 'past_sequence_length'));
  if (!shape.merged) {
    body(g, shape, true);
    return g;
  }
  g.input('use_cache_branch', 'bool', [1]);
  const branch = (cached: boolean) => {
    const inner = new Graph(cached ? 'with_past' : 'no_past', g);
    body(inner, shape, cached);
    return inner.attribute;
  };
  const presents = cacheNames(shape).map((name) => `present.${name}`);
  g.nodes('If', ['use_cache_branch'], ['logits', ...presents], {
    then_branch: branch(true),
    else_branch: branch(false),
  });
  outputs(g, shape);
  return g;
}

const cacheNames = ({ layers }: DecoderShape): string[] =>
  Array.from({ length: layers }, (_, i) => [`${i}.key`, `${i}.value`]).flat();

const cacheDims = ({ kvHeads, width, heads }: DecoderShape, length: string) => [
  'batch_size',
  kvHeads,
  length,
  width / heads,
];

function outputs(g: Graph, shape: DecoderShape): void {
  const { logits, vocabulary, cache } = shape;
  g.output('logits', 'logits', logits, ['batch_size', 'sequence_length', vocabulary]);
  for (const name of cacheNames(shape))
    g.output(
      `present.${name}`,
      `present.${name}`,
      cache,
      cacheDims(shape, 'total_sequence_length'),
    );
}

/** Everything from tokens to logits; without a past where `cached` is false. */
function body(g: Graph, shape: DecoderShape, cached: boolean): void {
  const { family, width, context, heads, kvHeads, inner } = shape;
  const state = ['batch_size', 'sequence_length', width];
  const linear = (x: string, name: string, inputs: number, outputs: number) => {
    const numbers = linearNumbers(name, inputs, outputs);
    const product = multiply(g, x, name, [inputs, outputs], numbers, shape.body);
    if (family === 'llama') return product;
    const bias = () => biasNumbers(name, outputs);
    return g.node('Add', [g.constant(`${name}.bias`, 'float32', [outputs], bias), product]);
  };

  const table = embedding(g, shape);
  const where = places(g, shape, cached);
  const attend = attention(g, shape, where);
  let x = g.node('Gather', [table, 'input_ids']);
  if (family === 'gpt2') {
    const rows = g.constant('places', 'float32', [context, width], placeNumbers(shape));
    x = g.node('Add', [x, g.node('Gather', [rows, where.positions])]);
  }
  let delta: string | undefined;
  for (let i = 0; i < shape.layers; i++) {
    const layer = `layers.${i}`;
    const before = addAndNorm(g, shape, `${layer}.attention_norm`, x, delta);
    const kv = (kvHeads * width) / heads;
    const qkv = linear(before.normed, `${layer}.qkv`, width, width + 2 * kv);
    const seen = attend(qkv, cacheOf(i, cached));
    const attended = linear(seen, `${layer}.out`, width, width);
    const between = addAndNorm(g, shape, `${layer}.inner_norm`, before.sum, attended);
    const hidden =
      family === 'gpt2'
        ? gelu(g, linear(between.normed, `${layer}.up`, width, inner))
        : swiglu(g, linear(between.normed, `${layer}.gate_up`, width, 2 * inner), inner);
    x = between.sum;
    delta = linear(hidden, `${layer}.down`, inner, width);
    if (shape.described) g.describe(x, 'float32', state);
  }
  const { normed } = addAndNorm(g, shape, 'final_norm', x, delta);
  if (shape.described) g.describe(normed, 'float32', state);
  head(g, shape, table, normed);
  outputs(g, shape);
}

const cacheOf = (layer: number, cached: boolean): Cache => {
  const both = (stem: string) => [`${stem}.${layer}.key`, `${stem}.${layer}.value`] as const;
  return { ...(cached ? { past: both('past_key_values') } : {}), present: both('present') };
};

function embedding(g: Graph, shape: DecoderShape): string {
  const { vocabulary, width } = shape;
  const numbers = embeddingNumbers(shape);
  const dims = [vocabulary, width] as const;
  if (shape.body !== 'float16') return g.constant('embedding', 'float32', dims, numbers);
  const half = g.constant('embedding_half', 'float16', dims, () => toFloat16(numbers()));
  return g.node('Cast', [half], { to: TYPES.float32 });
}
