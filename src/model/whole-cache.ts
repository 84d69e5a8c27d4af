import type { Tensor } from 'onnxruntime-node';
import type { Cache, Outputs } from './cache.ts';
import type { CacheSlot } from './signature.ts';

/**
 * Keys and values of one text for a graph that wants them without room to spare: the tensors it
 * gave, given back to it. Also for graphs that remember nothing, which have no slots.
 */
export class WholeCache implements Cache {
  readonly #ort: typeof import('onnxruntime-node');
  readonly #slots: readonly CacheSlot[];
  #tensors: ReadonlyMap<string, Tensor>;
  #length = 0;

  constructor(ort: typeof import('onnxruntime-node'), slots: readonly CacheSlot[]) {
    this.#ort = ort;
    this.#slots = slots;
    this.#tensors = new Map(
      slots.map(({ input, type, emptyShape }) => [input, this.#tensor(type, 0, emptyShape)]),
    );
  }

  length(): number {
    return this.#length;
  }

  past(): Record<string, Tensor> {
    return Object.fromEntries(this.#tensors);
  }

  mask(count: number): { readonly data: BigInt64Array; readonly width: number } {
    const width = this.#length + count;
    return { data: new BigInt64Array(width).fill(1n), width };
  }

  keep(outputs: Outputs, count: number): void {
    this.#tensors = new Map(this.#slots.map(({ input, output }) => [input, outputs[output]!]));
    // What a graph without a cache was given, it has forgotten.
    if (this.#slots.length > 0) this.#length += count;
  }

  truncate(_lane: number, length: number): void {
    if (length >= this.#length) return;
    this.#length = length;
    this.#tensors = new Map(this.#slots.map((slot) => [slot.input, this.#shortened(slot, length)]));
  }

  copy(): WholeCache {
    const copy = new WholeCache(this.#ort, this.#slots);
    // Tensors are never written to, so both may have them.
    copy.#tensors = this.#tensors;
    copy.#length = this.#length;
    return copy;
  }

  #shortened({ input, type, emptyShape }: CacheSlot, length: number): Tensor {
    const { dims, data } = this.#tensors.get(input)!;
    const axis = emptyShape.indexOf(0);
    const size = dims.slice(axis + 1).reduce((a, b) => a * b, 1);
    const stretches = dims.slice(0, axis).reduce((a, b) => a * b, 1);
    const from = data as Float32Array;
    const tensor = this.#tensor(type, stretches * length * size, dims.with(axis, length));
    for (let i = 0; i < stretches; i++) {
      const start = i * dims[axis]! * size;
      (tensor.data as Float32Array).set(
        from.subarray(start, start + length * size),
        i * length * size,
      );
    }
    return tensor;
  }

  #tensor(type: CacheSlot['type'], length: number, dims: readonly number[]): Tensor {
    return type === 'float16'
      ? new this.#ort.Tensor('float16', new Uint16Array(length), dims)
      : new this.#ort.Tensor('float32', new Float32Array(length), dims);
  }
}
