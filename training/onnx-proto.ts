/** The part of onnx.proto that is needed here, with its numbers, and the bytes it stands for. */
import protobuf from 'protobufjs';

const { root } = protobuf.parse(
  `syntax = "proto2";
message Model { optional int64 ir_version = 1; optional string producer_name = 2;
  optional Graph graph = 7; repeated Opset opset_import = 8; }
message Opset { optional string domain = 1; optional int64 version = 2; }
message Graph { repeated Node node = 1; optional string name = 2; repeated Tensor initializer = 5;
  repeated Value input = 11; repeated Value output = 12; repeated Value value_info = 13; }
message Node { repeated string input = 1; repeated string output = 2; optional string name = 3;
  optional string op_type = 4; repeated Attribute attribute = 5; optional string domain = 7; }
message Attribute { optional string name = 1; optional float f = 2; optional int64 i = 3;
  optional bytes s = 4; optional Tensor t = 5; optional Graph g = 6; repeated int64 ints = 8; optional int32 type = 20; }
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
root.resolveAll();

/** The bytes of one message of the schema. */
export const encodeMessage = (type: 'Model' | 'Graph' | 'Tensor', message: object): Uint8Array =>
  root.lookupType(type).encode(message).finish();

/** What stands in front of `length` bytes of the field `id`. */
export const fieldHeader = (id: number, length: number): Uint8Array =>
  protobuf.Writer.create()
    .uint32((id << 3) | 2)
    .uint32(length)
    .finish();

export const TYPES = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
} as const;
export type ElementType = keyof typeof TYPES;

const SIZES = { float32: 4, uint8: 1, int8: 1, int32: 4, int64: 8, bool: 1, float16: 2 } as const;

export const byteLength = (type: ElementType, dims: readonly number[]): number =>
  dims.reduce((product, size) => product * size, SIZES[type]);

/** A size, or the name of one that is known only at run time. */
export type Dim = number | string;
/** A number becomes an int attribute; write `{ float: x }` for a float. */
export type Attribute =
  | number
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly tensor: object }
  | { readonly graph: object };

export function valueInfo(name: string, type: ElementType, dims: readonly Dim[]): object {
  const dim = dims.map((d) => (typeof d === 'number' ? { dim_value: d } : { dim_param: d }));
  return { name, type: { tensor_type: { elem_type: TYPES[type], shape: { dim } } } };
}

export function attributeProto(name: string, value: Attribute): object {
  if (typeof value === 'number') return { name, i: value, type: 2 };
  if (typeof value === 'string') return { name, s: Buffer.from(value), type: 3 };
  if ('float' in value) return { name, f: value.float, type: 1 };
  if ('tensor' in value) return { name, t: value.tensor, type: 4 };
  if ('graph' in value) return { name, g: value.graph, type: 5 };
  return { name, ints: [...value], type: 7 };
}
