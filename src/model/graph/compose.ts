import type { Edit, NewNode, NewValue } from './edit.ts';
import type { Graph, Node, Span } from './graph.ts';
import type { Reader } from './reader.ts';
import {
  AN_INTEGER,
  ATTRIBUTE,
  DIM,
  GRAPH,
  INT64,
  INTEGERS,
  MODEL,
  NODE,
  SHAPE,
  TENSOR,
  TENSOR_TYPE,
  TYPE,
  VALUE,
} from './schema.ts';
import { type Bytes, concatenate, integer, message, text } from './write.ts';

/** Bytes to stand where others are in the file. */
export interface Patch extends Span {
  readonly bytes: Bytes;
}

/** The model as bytes, with some parts of its graph replaced; all others are copied as they are. */
export function compose(
  reader: Reader,
  graph: Graph,
  edit: Edit,
  patches: readonly Patch[],
): Bytes {
  const all = [...patches, ...patchesOf(reader, graph, edit)].sort((a, b) => a.start - b.start);
  const parts: Bytes[] = [];
  let at = graph.from;
  for (const { start, to, bytes } of all) {
    parts.push(reader.bytes(at, start), bytes);
    at = to;
  }
  parts.push(reader.bytes(at, graph.to), ...additions(edit));
  return concatenate([
    reader.bytes(0, graph.start),
    message(MODEL.graph, ...parts),
    reader.bytes(graph.to, reader.size),
  ]);
}

function patchesOf(reader: Reader, graph: Graph, edit: Edit): Patch[] {
  const removed = [...edit.dropped, ...graph.infos.filter(({ name }) => edit.reshaped.has(name))];
  return [
    ...removed.map(({ start, to }) => ({ start, to, bytes: new Uint8Array(0) })),
    ...[...edit.rewired].map(([node, inputs]) => rewired(reader, node, inputs)),
    ...[...edit.outputs].map(([name, value]) => {
      const { start, to } = graph.outputs.get(name)!;
      return { start, to, bytes: message(GRAPH.output, ...encodeValue(value)) };
    }),
  ];
}

function rewired(reader: Reader, { start, from, to }: Node, inputs: readonly string[]): Patch {
  const kept = inputs.map((input) => text(NODE.input, input));
  for (const field of reader.fields(from, to))
    if (field.number !== NODE.input) kept.push(reader.bytes(field.start, field.to));
  return { start, to, bytes: message(GRAPH.node, ...kept) };
}

// The nodes come last although others need what they give: onnxruntime sorts them itself.
function additions(edit: Edit): Bytes[] {
  return [
    ...edit.inputs.map((value) => message(GRAPH.input, ...encodeValue(value))),
    ...[...edit.constants].map(([name, value]) => encodeConstant(name, value)),
    ...edit.nodes.map(encodeNode),
  ];
}

function encodeNode({ op, inputs, output, integers }: NewNode): Bytes {
  const attributes = Object.entries(integers).map(([name, value]) =>
    message(
      NODE.attribute,
      text(ATTRIBUTE.name, name),
      ...(typeof value === 'number'
        ? [integer(ATTRIBUTE.integer, value), integer(ATTRIBUTE.type, AN_INTEGER)]
        : [
            ...value.map((number) => integer(ATTRIBUTE.integers, number)),
            integer(ATTRIBUTE.type, INTEGERS),
          ]),
    ),
  );
  return message(
    GRAPH.node,
    ...inputs.map((input) => text(NODE.input, input)),
    text(NODE.output, output),
    text(NODE.op, op),
    ...attributes,
  );
}

function encodeConstant(name: string, value: number | readonly number[]): Bytes {
  const values = typeof value === 'number' ? [value] : value;
  return message(
    GRAPH.weight,
    ...(typeof value === 'number' ? [] : [integer(TENSOR.dims, values.length)]),
    integer(TENSOR.type, INT64),
    text(TENSOR.name, name),
    ...values.map((number) => integer(TENSOR.integers, number)),
  );
}

function encodeValue({ name, type, dims }: NewValue): Bytes[] {
  const sizes = (dims ?? []).map((size) =>
    message(SHAPE.dim, typeof size === 'number' ? integer(DIM.size, size) : text(DIM.name, size)),
  );
  const tensor = message(
    TYPE.tensor,
    integer(TENSOR_TYPE.element, type ?? 0),
    message(TENSOR_TYPE.shape, ...sizes),
  );
  return [text(VALUE.name, name), message(VALUE.type, tensor)];
}
