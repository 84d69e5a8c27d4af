import type { Graph } from '../../../training/onnx.ts';
import type { DecoderShape } from './shape.ts';
import { biasNumbers, gainNumbers } from './weights.ts';

const EPSILON = 1e-5;

/** The sum of `x` and, where there is one, `delta`, and its norm. */
export function addAndNorm(
  g: Graph,
  shape: DecoderShape,
  name: string,
  x: string,
  delta?: string,
): { sum: string; normed: string } {
  const { width, family, norm } = shape;
  const vector = (part: string, values: (name: string, length: number) => Float32Array) =>
    g.constant(`${name}.${part}`, 'float32', [width], () => values(name, width));
  const scales = [vector('gain', gainNumbers)];
  if (family === 'gpt2') scales.push(vector('bias', biasNumbers));
  const simple = family === 'gpt2' ? '' : 'Simplified';
  if (norm === 'fused' && delta !== undefined) {
    const [normed, sum] = [g.unique('normed'), g.unique('sum')];
    const epsilon = { epsilon: { float: EPSILON } };
    g.nodes(
      `com.microsoft:Skip${simple}LayerNormalization`,
      [x, delta, ...scales],
      [normed, '', '', sum],
      epsilon,
    );
    return { sum, normed };
  }
  const sum = delta === undefined ? x : g.node('Add', [x, delta]);
  if (norm === 'plain' && family === 'llama') return { sum, normed: plain(g, sum, scales[0]!) };
  const attributes = { axis: -1, epsilon: { float: EPSILON } };
  return { sum, normed: g.node(`${simple}LayerNormalization`, [sum, ...scales], attributes) };
}

function plain(g: Graph, x: string, gain: string): string {
  const mean = g.node('ReduceMean', [g.node('Pow', [x, g.float(2)])], { axes: [-1], keepdims: 1 });
  const root = g.node('Sqrt', [g.node('Add', [mean, g.float(EPSILON)])]);
  return g.node('Mul', [gain, g.node('Div', [x, root])]);
}
