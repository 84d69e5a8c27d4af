import type { Graph } from '../../../training/onnx.ts';
import type { DecoderShape } from './shape.ts';

const THETA = 10_000;

/** Cosines and sines of each position's angles, [context, size / 2]. */
export function rotaryTables(g: Graph, { context, width, heads }: DecoderShape): [string, string] {
  const half = width / heads / 2;
  const table = (name: string, f: (angle: number) => number) =>
    g.constant(name, 'float32', [context, half], () =>
      Float32Array.from({ length: context * half }, (_, i) =>
        f(Math.floor(i / half) * THETA ** (-(i % half) / half)),
      ),
    );
  return [table('cos_cache', Math.cos), table('sin_cache', Math.sin)];
}

/** Rotates heads in plain operators: [batch, heads, sequence, size]. */
export function plainRotary(
  g: Graph,
  shape: DecoderShape,
  positions: string,
): (x: string) => string {
  const [cosine = '', sine = ''] = rotaryTables(g, shape).map((table) => {
    const half = g.node('Gather', [table, positions]);
    const whole = g.node('Concat', [half, half], { axis: -1 });
    return g.node('Unsqueeze', [whole, g.ints(1)]);
  });
  const half = shape.width / shape.heads / 2;
  return (x) => {
    const [a = '', b = ''] = g.nodes('Split', [x, g.ints(half, half)], 2, { axis: -1 });
    const turned = g.node('Concat', [g.node('Neg', [b]), a], { axis: -1 });
    return g.node('Add', [g.node('Mul', [x, cosine]), g.node('Mul', [turned, sine])]);
  };
}

/** The same by onnxruntime's operator, which takes them side by side: [batch, sequence, width]. */
export function fusedRotary(
  g: Graph,
  shape: DecoderShape,
  positions: string,
): (x: string) => string {
  const tables = rotaryTables(g, shape);
  // It wants the positions of every row.
  const all = shape.positions
    ? positions
    : g.node('Expand', [positions, g.node('Shape', ['input_ids'])]);
  return (x) => g.node('com.microsoft:RotaryEmbedding', [x, all, ...tables]);
}
