import type { Graph } from '../../../training/onnx.ts';

/** GELU as GPT-2 computes it, in the operators onnxruntime knows how to join. */
export function gelu(g: Graph, x: string): string {
  const cubed = g.node('Mul', [g.node('Pow', [x, g.float(3)]), g.float(0.044715)]);
  const inner = g.node('Mul', [g.node('Add', [x, cubed]), g.float(Math.sqrt(2 / Math.PI))]);
  const bent = g.node('Add', [g.node('Tanh', [inner]), g.float(1)]);
  return g.node('Mul', [g.node('Mul', [x, g.float(0.5)]), bent]);
}

/** SwiGLU of a gate and what it lets through, side by side. */
export function swiglu(g: Graph, x: string, width: number): string {
  const [gate = '', up = ''] = g.nodes('Split', [x, g.ints(width, width)], 2, { axis: -1 });
  return g.node('Mul', [g.node('Mul', [gate, g.node('Sigmoid', [gate])]), up]);
}
