import type { DecoderShape } from './shape.ts';

/** A matrix [inputs, outputs], or a vector where `inputs` is 1. */
export type Numbers = () => Float32Array;

/** Random numbers that depend on the name alone: every way to write a model has the same ones. */
function random(name: string, length: number, spread: number, around = 0): Float32Array {
  let state = 2166136261;
  for (let i = 0; i < name.length; i++) state = Math.imul(state ^ name.charCodeAt(i), 16777619);
  const values = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    values[i] = around + (state / 0x80000000) * spread;
  }
  return values;
}

/** A linear layer's numbers, so spread that its outputs are about as large as its inputs. */
export const linearNumbers =
  (name: string, inputs: number, outputs: number): Numbers =>
  () =>
    random(`${name}.weight`, inputs * outputs, Math.sqrt(3 / inputs));

export const biasNumbers = (name: string, length: number): Float32Array =>
  random(`${name}.bias`, length, 0.1);

export const gainNumbers = (name: string, length: number): Float32Array =>
  random(`${name}.gain`, length, 0.2, 1);

/** [vocabulary, width]; so spread that logits are a few units apart. */
export const embeddingNumbers =
  ({ vocabulary, width }: DecoderShape): Numbers =>
  () =>
    random('embedding', vocabulary * width, 4 / Math.sqrt(width));

/** [context, width] */
export const placeNumbers =
  ({ context, width }: DecoderShape): Numbers =>
  () =>
    random('places', context * width, 2 / Math.sqrt(width));

export function transposed(x: Float32Array, rows: number, columns: number): Float32Array {
  const turned = new Float32Array(x.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = x[row * columns + column]!;
  return turned;
}
