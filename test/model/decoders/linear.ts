import { toFloat16 } from '../../../training/float16.ts';
import type { Graph } from '../../../training/onnx.ts';
import { TYPES } from '../../../training/onnx-proto.ts';
import type { Weights } from './shape.ts';
import type { Numbers } from './weights.ts';

const BLOCK = 32;

/** `x` times a matrix [inputs, outputs] that is stored in one of the ways exporters have. */
export function multiply(
  g: Graph,
  x: string,
  name: string,
  [inputs, outputs]: readonly [number, number],
  numbers: Numbers,
  weights: Weights,
): string {
  const dims = [inputs, outputs];
  switch (weights) {
    case 'float32':
      return g.node('MatMul', [x, g.constant(`${name}.weight`, 'float32', dims, numbers)]);
    case 'float16': {
      const halves = () => toFloat16(numbers());
      const half = g.constant(`${name}.weight_half`, 'float16', dims, halves);
      return g.node('MatMul', [x, g.node('Cast', [half], { to: TYPES.float32 })]);
    }
    case 'q4': {
      const blocks = inputs / BLOCK;
      const bits = () => inFourBits(numbers(), inputs, outputs);
      return g.node(
        'com.microsoft:MatMulNBits',
        [
          x,
          g.constant(`${name}.q4`, 'uint8', [outputs, blocks, BLOCK / 2], () => bits().packed),
          g.constant(`${name}.q4_scale`, 'float32', [outputs * blocks], () => bits().scales),
        ],
        { K: inputs, N: outputs, bits: 4, block_size: BLOCK, accuracy_level: 4 },
      );
    }
    case 'q8': {
      const small = inEightBits(numbers());
      const [rounded = '', scale = '', zero = ''] = g.nodes('DynamicQuantizeLinear', [x], 3);
      const matrix = g.constant(`${name}.q8`, 'int8', dims, () => small.values);
      const none = g.constant('q8_zero', 'int8', [], () => Int8Array.of(0));
      const sums = g.node('MatMulInteger', [rounded, matrix, zero, none]);
      const unit = g.constant(g.unique('q8_scale'), 'float32', [], Float32Array.of(small.scale));
      return g.node('Mul', [
        g.node('Cast', [sums], { to: TYPES.float32 }),
        g.node('Mul', [scale, unit]),
      ]);
    }
  }
}

/** Blocks of 32 inputs of one output: symmetric around 8, two to a byte, the first one low. */
function inFourBits(x: Float32Array, inputs: number, outputs: number) {
  const blocks = inputs / BLOCK;
  const scales = new Float32Array(outputs * blocks);
  const packed = new Uint8Array((outputs * inputs) / 2);
  for (let output = 0; output < outputs; output++) {
    for (let block = 0; block < blocks; block++) {
      const at = (i: number) => x[(block * BLOCK + i) * outputs + output]!;
      let largest = 0;
      for (let i = 0; i < BLOCK; i++) if (Math.abs(at(i)) > Math.abs(largest)) largest = at(i);
      const scale = largest / -8;
      const bits = (i: number) => Math.min(15, Math.round(at(i) / (scale || 1)) + 8);
      const place = output * blocks + block;
      scales[place] = scale;
      for (let i = 0; i < BLOCK; i += 2)
        packed[(place * BLOCK + i) / 2] = bits(i) | (bits(i + 1) << 4);
    }
  }
  return { packed, scales };
}

/** One scale for the whole matrix. */
function inEightBits(x: Float32Array) {
  let largest = 0;
  for (const value of x) largest = Math.max(largest, Math.abs(value));
  const scale = largest / 127;
  return { values: Int8Array.from(x, (value) => Math.round(value / scale)), scale };
}
