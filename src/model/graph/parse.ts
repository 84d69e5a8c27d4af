import type { Graph, Node, Value, Weight } from './graph.ts';
import { type Field, type Reader, TooLarge } from './reader.ts';
import {
  ATTRIBUTE,
  DIM,
  ENTRY,
  EXTERNAL,
  GRAPH,
  MODEL,
  NODE,
  SHAPE,
  TENSOR,
  TENSOR_TYPE,
  TYPE,
  VALUE,
} from './schema.ts';

/**
 * The graph of an ONNX file, without its weights' bytes; undefined where it has none or several.
 *
 * @throws KelvinError `MODEL_FILE` where the file is no protobuf
 */
export function parseModel(reader: Reader): Graph | undefined {
  const graphs: Field[] = [];
  for (const field of reader.fields(0, reader.size))
    if (field.number === MODEL.graph && field.wire === 2) graphs.push(field);
  return graphs.length === 1 ? parseGraph(reader, graphs[0]!) : undefined;
}

const isStandard = (domain: string) => domain === '' || domain === 'ai.onnx';

function parseGraph(reader: Reader, { start, from, to }: Field): Graph {
  const nodes: Node[] = [];
  const weights = new Map<string, Weight>();
  const inputs = new Map<string, Value>();
  const outputs = new Map<string, Value>();
  const infos: Value[] = [];
  for (const field of reader.fields(from, to)) {
    if (field.wire !== 2) continue;
    if (field.number === GRAPH.node) nodes.push(parseNode(reader, field));
    else if (field.number === GRAPH.weight) add(weights, parseWeight(reader, field));
    else if (field.number === GRAPH.input) add(inputs, parseValue(reader, field));
    else if (field.number === GRAPH.output) add(outputs, parseValue(reader, field));
    else if (field.number === GRAPH.info) infos.push(parseValue(reader, field));
  }
  const producers = new Map<string, Node>();
  const consumers = new Map<string, Node[]>();
  for (const node of nodes) {
    for (const output of node.outputs) if (output) producers.set(output, node);
    for (const input of [...node.inputs, ...node.captured]) {
      const list = consumers.get(input);
      if (list) list.push(node);
      else consumers.set(input, [node]);
    }
  }
  return {
    ...{ start, from, to, nodes, weights, inputs, outputs, infos },
    ...{ producers, consumers },
  };
}

function add<T extends { readonly name: string }>(map: Map<string, T>, entry: T): void {
  map.set(entry.name, entry);
}

// Most nodes have none.
const NO_LISTS: Node['lists'] = new Map();

function parseNode(reader: Reader, { start, from, to }: Field): Node {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const integers = new Map<string, number>();
  const captured: string[] = [];
  let op = '';
  let domain = '';
  let lists = NO_LISTS;
  let tensor: Node['tensor'];
  for (const field of reader.fields(from, to)) {
    if (field.number === NODE.input) inputs.push(reader.text(field));
    else if (field.number === NODE.output) outputs.push(reader.text(field));
    else if (field.number === NODE.op) op = reader.text(field);
    else if (field.number === NODE.domain) domain = reader.text(field);
    else if (field.number === NODE.attribute) {
      let name = '';
      let value: number | undefined;
      const list: number[] = [];
      for (const part of reader.fields(field.from, field.to)) {
        if (part.number === ATTRIBUTE.name) name = reader.text(part);
        else if (part.number === ATTRIBUTE.integer) value = part.value;
        else if (part.number === ATTRIBUTE.tensor) tensor = { from: part.from, to: part.to };
        else if (part.number === ATTRIBUTE.integers) list.push(part.value);
        else if (part.number === ATTRIBUTE.graph || part.number === ATTRIBUTE.graphs)
          capture(reader, part, captured, 1);
      }
      if (value !== undefined) integers.set(name, value);
      if (list.length > 0) lists = new Map([...lists, [name, list]]);
    }
  }
  if (!isStandard(domain)) op = `${domain}:${op}`;
  return { start, from, to, op, inputs, outputs, integers, lists, tensor, captured };
}

/** Collects what the nodes of a graph inside a node use, and of those inside these. */
function capture(reader: Reader, graph: Field, names: string[], depth: number): void {
  if (depth > DEEPEST) throw new TooLarge();
  for (const node of reader.fields(graph.from, graph.to)) {
    if (node.number === GRAPH.output) names.push(parseValue(reader, node).name);
    if (node.number !== GRAPH.node) continue;
    for (const field of reader.fields(node.from, node.to)) {
      if (field.number === NODE.input) names.push(reader.text(field));
      if (field.number !== NODE.attribute) continue;
      for (const part of reader.fields(field.from, field.to))
        if (part.number === ATTRIBUTE.graph || part.number === ATTRIBUTE.graphs)
          capture(reader, part, names, depth + 1);
    }
  }
}

/** Graphs inside graphs; exporters nest an If or two. */
const DEEPEST = 16;

function parseWeight(reader: Reader, { start, from, to }: Field): Weight {
  let name = '';
  let raw: Weight['raw'];
  let external = false;
  let location: string | undefined;
  for (const field of reader.fields(from, to)) {
    if (field.number === TENSOR.name) name = reader.text(field);
    else if (field.number === TENSOR.raw) raw = { start: field.from, to: field.to };
    else if (field.number === TENSOR.location) external = field.value === EXTERNAL;
    else if (field.number === TENSOR.external) {
      const { key, value } = parseEntry(reader, field);
      if (key === 'location') location = value;
    }
  }
  return { start, to, from, name, raw, location: external ? (location ?? '') : undefined };
}

/** A key and its value, of where a tensor's bytes are. */
export function parseEntry(reader: Reader, { from, to }: Field): { key: string; value: string } {
  const entry = { key: '', value: '' };
  for (const field of reader.fields(from, to)) {
    const text = Buffer.from(reader.bytes(field.from, field.to)).toString();
    if (field.number === ENTRY.key) entry.key = text;
    else if (field.number === ENTRY.value) entry.value = text;
  }
  return entry;
}

function parseValue(reader: Reader, { start, from, to }: Field): Value {
  let name = '';
  let type: number | undefined;
  let dims: Value['dims'];
  for (const field of reader.fields(from, to)) {
    if (field.number === VALUE.name) name = reader.text(field);
    if (field.number !== VALUE.type) continue;
    for (const kind of reader.fields(field.from, field.to)) {
      if (kind.number !== TYPE.tensor) continue;
      for (const part of reader.fields(kind.from, kind.to)) {
        if (part.number === TENSOR_TYPE.element) type = part.value;
        else if (part.number === TENSOR_TYPE.shape) dims = parseShape(reader, part);
      }
    }
  }
  return { start, to, name, type, dims };
}

function parseShape(reader: Reader, { from, to }: Field): (number | string)[] {
  const dims: (number | string)[] = [];
  for (const dim of reader.fields(from, to)) {
    if (dim.number !== SHAPE.dim) continue;
    let size: number | string = '';
    for (const part of reader.fields(dim.from, dim.to)) {
      if (part.number === DIM.size) size = part.value;
      else if (part.number === DIM.name) size = reader.text(part);
    }
    dims.push(size);
  }
  return dims;
}
