/**
 * A small builder of ONNX graphs, written with protobufjs: opset 17, IR 8, plain operators.
 *
 *   const g = new Graph('tiny');
 *   const x = g.input('x', 'float32', ['batch', 4]);
 *   const w = g.weight('w', [4, 2], values, 'int8');
 *   g.output(g.node('MatMul', [x, w]), 'y', 'float32', ['batch', 2]);
 *   writeFileSync('model.onnx', g.encode().model);
 */
import protobuf from 'protobufjs';
import { toFloat16 } from './float16.ts';

/** The fields of onnx.proto that are needed here, with its numbers. */
const { root } = protobuf.parse(
  `syntax = "proto2";
message Model { optional int64 ir_version = 1; optional string producer_name = 2;
  optional Graph graph = 7; repeated Opset opset_import = 8; }
message Opset { optional string domain = 1; optional int64 version = 2; }
message Graph { repeated Node node = 1; optional string name = 2; repeated Tensor initializer = 5;
  repeated Value input = 11; repeated Value output = 12; }
message Node { repeated string input = 1; repeated string output = 2; optional string name = 3;
  optional string op_type = 4; repeated Attribute attribute = 5; optional string domain = 7; }
message Attribute { optional string name = 1; optional float f = 2; optional int64 i = 3;
  optional bytes s = 4; repeated int64 ints = 8; optional int32 type = 20; }
message Tensor { repeated int64 dims = 1; optional int32 data_type = 2; optional string name = 8;
  optional bytes raw_data = 9; repeated Entry external_data = 13;
  optional int32 data_location = 14; }
message Entry { optional string key = 1; optional string value = 2; }
message Value { optional string name = 1; optional Type type = 2; }
message Type { optional TensorType tensor_type = 1; }
message TensorType { optional int32 elem_type = 1; optional Shape shape = 2; }
message Shape { repeated Dim dim = 1; }
message Dim { optional int64 dim_value = 1; optional string dim_param = 2; }`,
  { keepCase: true },
);
const Model = root.lookupType('Model');
root.resolveAll();

const TYPES = { float32: 1, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10 } as const;
type ElementType = keyof typeof TYPES;
/** How `weight` stores numbers; they are float32 again when the session has loaded. */
export type Storage = 'float32' | 'float16' | 'int8';
/** A size, or the name of one that is known only at run time. */
type Dim = number | string;
/** A number becomes an int attribute; write `{ float: x }` for a float. */
type Attribute = number | string | readonly number[] | { float: number };

export class Graph {
  readonly #name: string;
  readonly #nodes: object[] = [];
  readonly #tensors: Array<{ name: string; type: ElementType; dims: number[]; raw: Uint8Array }> =
    [];
  readonly #inputs: object[] = [];
  readonly #outputs: object[] = [];
  #count = 0;

  constructor(name: string) {
    this.#name = name;
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

  /** An operator with one output. */
  node(op: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}): string {
    return this.nodes(op, inputs, 1, attributes)[0] ?? '';
  }

  /** An operator with several outputs. */
  nodes(
    op: string,
    inputs: readonly string[],
    outputs: number,
    attributes: Record<string, Attribute> = {},
  ): string[] {
    const names = Array.from({ length: outputs }, () => `${op}_${this.#count++}`);
    this.#push(op, inputs, names, attributes);
    return names;
  }

  #push(op: string, input: readonly string[], output: string[], attributes: object): void {
    const attribute = Object.entries(attributes).map(([name, v]) => attributeProto(name, v));
    this.#nodes.push({ op_type: op, name: output[0], input: [...input], output, attribute });
  }

  constant(
    name: string,
    type: ElementType,
    dims: readonly number[],
    data: ArrayBufferView,
  ): string {
    const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    this.#tensors.push({ name, type, dims: [...dims], raw });
    return name;
  }

  /** An unnamed list of int64: shapes, axes, sizes. */
  ints(...values: number[]): string {
    const name = `ints_${values.join('_')}`;
    if (this.#tensors.some((t) => t.name === name)) return name;
    return this.constant(name, 'int64', [values.length], BigInt64Array.from(values.map(BigInt)));
  }

  /** An unnamed float32 scalar. */
  float(value: number): string {
    return this.constant(`float_${this.#count++}`, 'float32', [], Float32Array.of(value));
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

  /**
   * The model's bytes. With `external`, tensors of at least `threshold` bytes (1024 unless told)
   * go to `data`, to be written beside the model under the name `external.file`.
   */
  encode(external?: { file: string; threshold?: number }): { model: Uint8Array; data: Uint8Array } {
    const blobs: Uint8Array[] = [];
    let offset = 0;
    const initializer = this.#tensors.map(({ name, type, dims, raw }) => {
      const tensor = { name, dims, data_type: TYPES[type] };
      if (!external || raw.length < (external.threshold ?? 1024)) {
        return { ...tensor, raw_data: raw };
      }
      const entries = { location: external.file, offset: `${offset}`, length: `${raw.length}` };
      const padded = new Uint8Array(Math.ceil(raw.length / 4096) * 4096);
      padded.set(raw);
      blobs.push(padded);
      offset += padded.length;
      const external_data = Object.entries(entries).map(([key, value]) => ({ key, value }));
      return { ...tensor, data_location: 1, external_data };
    });
    const graph = {
      name: this.#name,
      node: this.#nodes,
      initializer,
      input: this.#inputs,
      output: this.#outputs,
    };
    const opset_import = [{ domain: '', version: 17 }];
    const message = { ir_version: 8, producer_name: 'kelvin', graph, opset_import };
    return { model: Model.encode(message).finish(), data: Buffer.concat(blobs) };
  }
}

function valueInfo(name: string, type: ElementType, dims: readonly Dim[]): object {
  const dim = dims.map((d) => (typeof d === 'number' ? { dim_value: d } : { dim_param: d }));
  return { name, type: { tensor_type: { elem_type: TYPES[type], shape: { dim } } } };
}

function attributeProto(name: string, value: Attribute): object {
  if (typeof value === 'number') return { name, i: value, type: 2 };
  if (typeof value === 'string') return { name, s: Buffer.from(value), type: 3 };
  if ('float' in value) return { name, f: value.float, type: 1 };
  return { name, ints: [...value], type: 7 };
}
