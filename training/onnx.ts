/**
 * A small builder of ONNX graphs, written with protobufjs: opset 17, IR 8. Operators are plain
 * unless another domain stands in front: `com.microsoft:MatMulNBits`.
 *
 *   const g = new Graph('tiny');
 *   const x = g.input('x', 'float32', ['batch', 4]);
 *   const w = g.weight('w', [4, 2], values, 'int8');
 *   g.output(g.node('MatMul', [x, w]), 'y', 'float32', ['batch', 2]);
 *   writeFileSync('model.onnx', g.encode().model);
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toFloat16 } from './float16.ts';
import { dataChunks, type External, modelChunks, type Weight } from './onnx-file.ts';
import {
  type Attribute,
  attributeProto,
  type Dim,
  type ElementType,
  TYPES,
  valueInfo,
} from './onnx-proto.ts';

/** How `weight` stores numbers; they are float32 again when the session has loaded. */
export type Storage = 'float32' | 'float16' | 'int8';

export class Graph {
  readonly #name: string;
  readonly #nodes: { output: string[] }[] = [];
  readonly #inputs: object[] = [];
  readonly #outputs: object[] = [];
  readonly #described: object[] = [];
  /** What a graph shares with the graphs inside its nodes. */
  readonly #weights: Map<string, Weight>;
  readonly #domains: Set<string>;
  readonly #count: { next: number };

  constructor(name: string, around?: Graph) {
    this.#name = name;
    this.#weights = around ? around.#weights : new Map();
    this.#domains = around ? around.#domains : new Set();
    this.#count = around ? around.#count : { next: 0 };
  }

  input(name: string, type: ElementType, dims: readonly Dim[]): string {
    this.#inputs.push(valueInfo(name, type, dims));
    return name;
  }

  /** Makes `value` an output called `name`. */
  output(value: string, name: string, type: ElementType, dims: readonly Dim[]): void {
    if (value !== name) this.#push('Identity', [value], [name], {});
    this.#outputs.push(valueInfo(name, type, dims));
  }

  /** Says in the file what a value inside the graph looks like. */
  describe(name: string, type: ElementType, dims: readonly Dim[]): void {
    this.#described.push(valueInfo(name, type, dims));
  }

  /** An operator with one output. */
  node(op: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}): string {
    return this.nodes(op, inputs, 1, attributes)[0] ?? '';
  }

  /** An operator with several outputs: so many, or of these names, of which '' is left out. */
  nodes(
    op: string,
    inputs: readonly string[],
    outputs: number | readonly string[],
    attributes: Record<string, Attribute> = {},
  ): string[] {
    const names =
      typeof outputs === 'number'
        ? Array.from({ length: outputs }, () => this.unique(op))
        : [...outputs];
    this.#push(op, inputs, names, attributes);
    return names;
  }

  /** A name that no other value has. */
  unique(stem: string): string {
    return `${stem}_${this.#count.next++}`;
  }

  /** Gives the last node's only output another name. */
  rename(value: string, name: string): void {
    const node = this.#nodes.at(-1);
    if (node?.output[0] !== value) throw new Error(`${value} is not what the last node gives`);
    node.output = [name];
  }

  #push(
    op: string,
    input: readonly string[],
    output: string[],
    attributes: Record<string, Attribute>,
  ): void {
    const attribute = Object.entries(attributes).map(([name, v]) => attributeProto(name, v));
    const [type, domain] = op.split(':').reverse();
    if (domain) this.#domains.add(domain);
    const node = { op_type: type, name: output[0], input: [...input], output, attribute };
    this.#nodes.push(domain ? Object.assign(node, { domain }) : node);
  }

  /**
   * A tensor in the file; of a large one the numbers may be made when they are written. One that
   * is there already under this name stays.
   */
  constant(
    name: string,
    type: ElementType,
    dims: readonly number[],
    data: ArrayBufferView | (() => ArrayBufferView),
  ): string {
    const make = typeof data === 'function' ? data : () => data;
    if (!this.#weights.has(name))
      this.#weights.set(name, { name, type, dims: [...dims], data: make });
    return name;
  }

  /** An unnamed list of int64: shapes, axes, sizes. */
  ints(...values: number[]): string {
    const name = `ints_${values.join('_')}`;
    return this.constant(name, 'int64', [values.length], BigInt64Array.from(values.map(BigInt)));
  }

  /** An unnamed float32 scalar. */
  float(value: number): string {
    return this.constant(this.unique('float'), 'float32', [], Float32Array.of(value));
  }

  /**
   * A float32 matrix for arithmetic, stored smaller. int8 has one scale for each index of `axis`
   * (the output channel). The Cast and Mul that restore it have constant inputs, so that
   * onnxruntime does them once, when the session loads.
   */
  weight(
    name: string,
    dims: readonly [number, number],
    data: Float32Array,
    storage: Storage,
    axis: 0 | 1 = 1,
  ): string {
    if (storage === 'float32') return this.constant(name, 'float32', dims, data);
    const float = { to: TYPES.float32 };
    if (storage === 'float16') {
      return this.node('Cast', [this.constant(name, 'float16', dims, toFloat16(data))], float);
    }
    const [rows, cols] = dims;
    const scale = new Float32Array(axis ? cols : rows);
    const channel = (i: number) => (axis ? i % cols : Math.floor(i / cols));
    data.forEach((x, i) => {
      const c = channel(i);
      scale[c] = Math.max(scale[c] ?? 0, Math.abs(x) / 127);
    });
    const small = Int8Array.from(data, (x, i) => Math.round(x / (scale[channel(i)] || 1)));
    const cast = this.node('Cast', [this.constant(name, 'int8', dims, small)], float);
    const scales = this.constant(`${name}_scale`, 'float32', axis ? [cols] : [rows, 1], scale);
    return this.node('Mul', [cast, scales]);
  }

  /** This graph as an attribute of a node of the graph around it. */
  get attribute(): { readonly graph: object } {
    return { graph: this.#message };
  }

  get #message() {
    return {
      name: this.#name,
      node: this.#nodes,
      input: this.#inputs,
      output: this.#outputs,
      value_info: this.#described,
    };
  }

  /** The model's bytes, and those of the file of external weights. */
  encode(external?: External): { model: Uint8Array; data: Uint8Array } {
    const data = external ? [...dataChunks([...this.#weights.values()], external)] : [];
    return { model: Buffer.concat([...this.#chunks(external)]), data: Buffer.concat(data) };
  }

  /** Writes what `encode` gives, one weight after another. */
  write(path: string, external?: External): void {
    writeChunks(path, this.#chunks(external));
    if (external)
      writeChunks(
        join(dirname(path), external.file),
        dataChunks([...this.#weights.values()], external),
      );
  }

  #chunks(external?: External) {
    return modelChunks(this.#message, [...this.#weights.values()], [...this.#domains], external);
  }
}

function writeChunks(path: string, chunks: Iterable<Uint8Array>): void {
  const file = openSync(path, 'w');
  try {
    for (const chunk of chunks)
      for (let at = 0; at < chunk.length; ) at += writeSync(file, chunk, at);
  } finally {
    closeSync(file);
  }
}
