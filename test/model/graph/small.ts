/** Graphs that fit on a page, for what exporters seldom or never write. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Graph } from '../../../training/onnx.ts';
import { temporary } from '../variant.ts';

export const WIDTH = 16;
/** Tokens there are. */
export const VOCABULARY = 40;

/** Numbers that are all different. */
export const numbers = (count: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(1 + i * 1.7));

/** Hidden states of tokens, [batch, sequence, width]. */
export function hidden(g: Graph): string {
  const table = g.constant('table', 'float32', [VOCABULARY, WIDTH], numbers(VOCABULARY * WIDTH));
  return g.node('Gather', [table, g.input('input_ids', 'int64', ['batch', 'sequence'])]);
}

export const weight = (g: Graph) =>
  g.constant('head', 'float32', [WIDTH, VOCABULARY], numbers(WIDTH * VOCABULARY));
export const bias = (g: Graph) => g.constant('bias', 'float32', [VOCABULARY], numbers(VOCABULARY));
/** Logits as the product of hidden states and a matrix. */
export const plain = (g: Graph, x = hidden(g)) => g.node('MatMul', [x, weight(g)]);
/** The axes of logits. */
export const rowDims = ['batch', 'sequence', VOCABULARY];

/** The graph in a file of its own. */
export function write(g: Graph): string {
  const path = join(temporary(), 'model.onnx');
  writeFileSync(path, g.encode().model);
  return path;
}

/** The file of a graph of logits alone. */
export const withHead = (build: (g: Graph) => string, dims: (string | number)[] = rowDims) => {
  const g = new Graph('head');
  g.output(build(g), 'logits', 'float32', dims);
  return write(g);
};
