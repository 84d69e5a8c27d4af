import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Graph, type Storage } from '../../training/onnx.ts';
import { story } from './folders.ts';
import { temporary } from './variant.ts';

const WIDTH = 8;
const VOCABULARY = 2048;
const CONTEXT = 600;

/** How an export may differ from the plainest one. */
export interface Shape {
  readonly storage?: Storage;
  /** Type of the cache and of the logits. */
  readonly cache?: 'float32' | 'float16' | 'none';
  readonly logits?: 'float32' | 'float16';
  readonly mask?: boolean;
  readonly positions?: boolean;
  readonly keep?: boolean;
  /** The `use_cache_branch` of merged decoders. */
  readonly branch?: boolean;
  /** Another input, which nobody can feed. */
  readonly extra?: string;
  readonly vocabulary?: number;
  /** Whether the graph says how many logits there are. */
  readonly says?: boolean;
  /** Ids that are by far the likeliest, whatever came before. */
  readonly loud?: readonly number[];
  /** Leaves out an output. */
  readonly without?: string;
}

const HALF = 10;
const FLOAT = 1;

/**
 * A decoder so small that it fits on a page, yet whose logits depend on every token so far and on
 * its place: running means of token embeddings are its cache.
 */
export function tinyGraph({
  storage = 'float32',
  cache = 'float32',
  logits = 'float32',
  mask = true,
  positions = true,
  keep = false,
  branch = false,
  vocabulary = VOCABULARY,
  says = true,
  extra,
  loud,
  without,
}: Shape = {}): Graph {
  const g = new Graph('tiny');
  const next = numbers();
  const matrix = (name: string, rows: number, columns: number) =>
    g.weight(name, [rows, columns], Float32Array.from({ length: rows * columns }, next), storage);

  const ids = g.input('input_ids', 'int64', ['batch', 'sequence']);
  if (mask) g.input('attention_mask', 'int64', ['batch', 'total']);
  if (positions) g.input('position_ids', 'int64', ['batch', 'sequence']);
  if (keep) g.input('num_logits_to_keep', 'int64', []);
  if (branch) g.input('use_cache_branch', 'bool', [1]);
  if (extra) g.input(extra, 'float32', [1]);

  // [batch, 1, sequence, width]: one head, so that the cache looks like any other.
  const embedded = g.node('Unsqueeze', [
    g.node('Gather', [matrix('embed', vocabulary, WIDTH), ids]),
    g.ints(1),
  ]);
  let all = embedded;
  if (cache !== 'none') {
    const past = g.input('past_key_values.0.key', cache, ['batch', 1, 'past', WIDTH]);
    all = g.node('Concat', [g.node('Cast', [past], { to: FLOAT }), embedded], { axis: 2 });
    const half = g.node('Cast', [all], { to: cache === 'float16' ? HALF : FLOAT });
    if (without !== 'present.0.key')
      g.output(half, 'present.0.key', cache, ['batch', 1, 'total', WIDTH]);
    // What the next step reads back is what this one must have used.
    all = g.node('Cast', [half], { to: FLOAT });
  }
  // Sums over everything up to each new token: cumulative over all, then the last rows.
  const axis = g.constant('axis', 'int64', [], BigInt64Array.of(2n));
  const sums = g.node('CumSum', [all, axis]);
  const length = g.node('Slice', [g.node('Shape', [ids]), g.ints(1), g.ints(2)]);
  const start = g.node('Neg', [length]);
  const mine = g.node('Slice', [sums, start, g.ints(1 << 30), g.ints(2)]);
  let state = g.node('Add', [
    g.node('Squeeze', [g.node('Tanh', [mine]), g.ints(1)]),
    g.node('Squeeze', [embedded, g.ints(1)]),
  ]);
  if (positions)
    state = g.node('Add', [
      state,
      g.node('Gather', [matrix('places', CONTEXT, WIDTH), 'position_ids']),
    ]);
  if (mask) {
    const seen = g.node('ReduceSum', [
      g.node('Cast', ['attention_mask'], { to: FLOAT }),
      g.ints(1),
    ]);
    state = g.node('Mul', [state, g.node('Cos', [g.node('Unsqueeze', [seen, g.ints(2)])])]);
  }
  if (branch) {
    // Like a real merged graph, the two branches agree where each is meant to be used.
    const used = g.node('Cast', ['use_cache_branch'], { to: FLOAT });
    const first = g.node('Cast', [g.node('Equal', [sizeOf(g, all), sizeOf(g, embedded)])], {
      to: FLOAT,
    });
    state = g.node('Mul', [state, g.node('Abs', [g.node('Sub', [used, first])])]);
  }
  let rows = state;
  if (keep) {
    const kept = g.node('Neg', [g.node('Reshape', ['num_logits_to_keep', g.ints(1)])]);
    rows = g.node('Slice', [state, kept, g.ints(1 << 30), g.ints(1)]);
  }
  let out = g.node('MatMul', [rows, matrix('head', WIDTH, vocabulary)]);
  if (loud) {
    const gain = Float32Array.from({ length: vocabulary }, (_, id) => (loud.includes(id) ? 50 : 0));
    out = g.node('Add', [out, g.constant('gain', 'float32', [vocabulary], gain)]);
  }
  if (!says) {
    // Cuts nothing off, but nobody can tell without running it.
    const largest = g.node('ReduceMax', [ids], { keepdims: 0 });
    const end = g.node('Add', [g.node('Reshape', [largest, g.ints(1)]), g.ints(vocabulary)]);
    out = g.node('Slice', [out, g.ints(0), end, g.ints(2)]);
  }
  if (without !== 'logits')
    g.output(g.node('Cast', [out], { to: logits === 'float16' ? HALF : FLOAT }), 'logits', logits, [
      'batch',
      'rows',
      says ? vocabulary : 'vocabulary',
    ]);
  return g;
}

const sizeOf = (g: Graph, x: string) =>
  g.node('Slice', [g.node('Shape', [x]), g.ints(2), g.ints(3)]);

/** A model folder with this graph and the story model's tokenizer. */
export function tinyModel(
  graph: Graph | Uint8Array = tinyGraph(),
  { file = 'onnx/model.onnx', config = {} }: { file?: string; config?: object } = {},
): string {
  const folder = temporary();
  mkdirSync(join(folder, 'onnx'));
  for (const name of ['tokenizer.json', 'tokenizer_config.json'])
    cpSync(join(story, name), join(folder, name));
  const facts = { max_position_embeddings: CONTEXT, bos_token_id: 0, eos_token_id: 0, ...config };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(facts));
  writeFileSync(join(folder, file), graph instanceof Uint8Array ? graph : graph.encode().model);
  return folder;
}

/** Numbers in (-1, 1), the same ones each time. */
function numbers(): () => number {
  let state = 12345;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x40000000 - 1;
  };
}
