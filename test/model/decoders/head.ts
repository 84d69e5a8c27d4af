import type { Graph } from '../../../training/onnx.ts';
import { TYPES } from '../../../training/onnx-proto.ts';
import { multiply } from './linear.ts';
import type { DecoderShape } from './shape.ts';
import { embeddingNumbers, transposed } from './weights.ts';

/** Exporters write "to the end" as the largest int64; this is as far. */
const END = 2 ** 31 - 1;

/** Makes `logits` of the last norm's rows. */
export function head(g: Graph, shape: DecoderShape, table: string, hidden: string): void {
  const { softcap } = shape;
  const rows = shape.keep ? kept(g, hidden) : hidden;
  let scores = scoresOf(g, shape, table, rows);
  if (softcap !== undefined) {
    const bent = g.node('Tanh', [g.node('Div', [scores, g.float(softcap)])]);
    scores = g.node('Mul', [bent, g.float(softcap)]);
  }
  // Exporters name the last operator's output: nothing stands between it and the reader.
  if (shape.logits === 'float16') g.nodes('Cast', [scores], ['logits'], { to: TYPES.float16 });
  else g.rename(scores, 'logits');
}

function scoresOf(g: Graph, shape: DecoderShape, table: string, rows: string): string {
  const { width, vocabulary } = shape;
  if (shape.head === 'transpose')
    return g.node('MatMul', [rows, g.node('Transpose', [table], { perm: [1, 0] })]);
  if (shape.head === 'gemm') {
    const flat = g.node('Reshape', [rows, g.ints(-1, width)]);
    const scores = g.node('Gemm', [flat, table], { transB: 1 });
    const [batch = '', sequence = ''] = [0, 1].map((axis) =>
      g.node('Gather', [g.node('Shape', [rows]), g.ints(axis)]),
    );
    const dims = g.node('Concat', [batch, sequence, g.ints(vocabulary)], { axis: 0 });
    return g.node('Reshape', [scores, dims]);
  }
  const numbers = () => transposed(embeddingNumbers(shape)(), vocabulary, width);
  return multiply(g, rows, 'lm_head', [width, vocabulary], numbers, shape.head);
}

/** As many of the last rows as `num_logits_to_keep` says; 0 means all. */
function kept(g: Graph, hidden: string): string {
  const start = g.node('Neg', [g.node('Reshape', ['num_logits_to_keep', g.ints(1)])]);
  return g.node('Slice', [hidden, start, g.ints(END), g.ints(1)]);
}
