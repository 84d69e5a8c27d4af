/** A writer of GGUF, version 3: what llama.cpp reads. */
import { closeSync, openSync, writeSync } from 'node:fs';

const STRING = 8;
const ARRAY = 9;
const TYPES = { uint32: 4, int32: 5, float32: 6 } as const;
const ALIGNMENT = 32;
const FLOAT32_TENSOR = 0;

type Scalar = keyof typeof TYPES;
export type Value =
  | string
  | readonly string[]
  | { readonly type: Scalar; readonly value: number | readonly number[] };

/** A float32 tensor; the fastest axis comes first. */
export interface GgufTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: () => Float32Array;
}

export function writeGgufFile(
  path: string,
  facts: Readonly<Record<string, Value>>,
  tensors: readonly GgufTensor[],
): void {
  const bytes = new Bytes();
  bytes.raw(Buffer.from('GGUF')).number('uint32', 3);
  bytes.long(tensors.length).long(Object.keys(facts).length);
  for (const [name, value] of Object.entries(facts)) bytes.string(name).value(value);
  let offset = 0;
  for (const { name, dims } of tensors) {
    bytes.string(name).number('uint32', dims.length);
    for (const dim of dims) bytes.long(dim);
    bytes.number('uint32', FLOAT32_TENSOR).long(offset);
    offset += aligned(4 * dims.reduce((a, b) => a * b));
  }
  const file = openSync(path, 'w');
  try {
    const write = (chunk: Uint8Array) => {
      const whole = new Uint8Array(aligned(chunk.length));
      whole.set(chunk);
      for (let at = 0; at < whole.length; ) at += writeSync(file, whole, at);
    };
    write(bytes.joined());
    for (const { data } of tensors) write(new Uint8Array(data().buffer));
  } finally {
    closeSync(file);
  }
}

const aligned = (length: number) => Math.ceil(length / ALIGNMENT) * ALIGNMENT;

class Bytes {
  readonly #parts: Uint8Array[] = [];

  raw(part: Uint8Array): this {
    this.#parts.push(part);
    return this;
  }

  number(type: Scalar, value: number): this {
    const array = { uint32: Uint32Array, int32: Int32Array, float32: Float32Array }[type];
    return this.raw(new Uint8Array(array.of(value).buffer));
  }

  long(value: number): this {
    return this.raw(new Uint8Array(BigUint64Array.of(BigInt(value)).buffer));
  }

  string(text: string): this {
    const utf8 = Buffer.from(text);
    return this.long(utf8.length).raw(utf8);
  }

  value(value: Value): void {
    if (typeof value === 'string') {
      this.number('uint32', STRING).string(value);
    } else if (!('type' in value)) {
      this.number('uint32', ARRAY).number('uint32', STRING).long(value.length);
      for (const text of value) this.string(text);
    } else if (typeof value.value === 'number') {
      this.number('uint32', TYPES[value.type]).number(value.type, value.value);
    } else {
      this.number('uint32', ARRAY).number('uint32', TYPES[value.type]).long(value.value.length);
      for (const item of value.value) this.number(value.type, item);
    }
  }

  joined(): Uint8Array {
    return Buffer.concat(this.#parts);
  }
}
