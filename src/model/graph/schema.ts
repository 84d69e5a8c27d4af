/** Field numbers of onnx.proto, as far as an edit needs them. */
export const MODEL = { graph: 7 };
export const GRAPH = { node: 1, weight: 5, input: 11, output: 12, info: 13 };
export const NODE = { input: 1, output: 2, op: 4, attribute: 5, domain: 7 };
export const ATTRIBUTE = {
  name: 1,
  integer: 3,
  tensor: 5,
  graph: 6,
  integers: 8,
  graphs: 11,
  type: 20,
};
export const TENSOR = {
  dims: 1,
  type: 2,
  integers: 7,
  name: 8,
  raw: 9,
  external: 13,
  location: 14,
};
export const ENTRY = { key: 1, value: 2 };
export const VALUE = { name: 1, type: 2 };
export const TYPE = { tensor: 1 };
export const TENSOR_TYPE = { element: 1, shape: 2 };
export const SHAPE = { dim: 1 };
export const DIM = { size: 1, name: 2 };

/** Element type of float32. */
export const FLOAT32 = 1;
/** Element type of int64. */
export const INT64 = 7;
/** AttributeProto.AttributeType.INT */
export const AN_INTEGER = 2;
/** AttributeProto.AttributeType.INTS */
export const INTEGERS = 7;
/** `data_location` of a tensor whose bytes are in another file. */
export const EXTERNAL = 1;
