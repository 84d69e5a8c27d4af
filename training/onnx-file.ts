/** Model files piece by piece, so that no more than one weight of a large one is in memory. */
import { byteLength, type ElementType, encodeMessage, fieldHeader, TYPES } from './onnx-proto.ts';

/** A weight; its numbers are asked for when they are written, each time anew. */
export interface Weight {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  readonly data: () => ArrayBufferView;
}

/** Where weights of at least `threshold` bytes (1024 unless told) go: a file beside the model. */
export interface External {
  readonly file: string;
  readonly threshold?: number;
}

/** A graph without its weights. */
export interface GraphMessage {
  readonly name: string;
  readonly node: readonly object[];
  readonly input: readonly object[];
  readonly output: readonly object[];
  readonly value_info: readonly object[];
}

const GRAPH = 7;
const INITIALIZER = 5;
const RAW_DATA = 9;
const PAGE = 4096;

/** The model's bytes, in the order of its fields. */
export function* modelChunks(
  { name, node, ...values }: GraphMessage,
  weights: readonly Weight[],
  domains: readonly string[],
  external?: External,
): Generator<Uint8Array, void> {
  const tensors = tensorHeads(weights, external);
  const front = encodeMessage('Graph', { node, name });
  const back = encodeMessage('Graph', values);
  const length = tensors.reduce(
    (sum, { size }) => sum + fieldHeader(INITIALIZER, size).length + size,
    front.length + back.length,
  );
  yield encodeMessage('Model', { ir_version: 8, producer_name: 'kelvin' });
  yield fieldHeader(GRAPH, length);
  yield front;
  for (const { size, head, raw } of tensors) {
    yield fieldHeader(INITIALIZER, size);
    yield head;
    if (raw) yield bytesOf(raw);
  }
  yield back;
  const opset_import = [
    { domain: '', version: 17 },
    ...domains.map((domain) => ({ domain, version: 1 })),
  ];
  yield encodeMessage('Model', { opset_import });
}

/** The bytes of the file of external weights. */
export function* dataChunks(
  weights: readonly Weight[],
  external: External,
): Generator<Uint8Array, void> {
  for (const weight of weights.filter((w) => isExternal(w, external))) {
    const bytes = bytesOf(weight);
    yield bytes;
    yield new Uint8Array(padded(bytes.length) - bytes.length);
  }
}

const padded = (length: number) => Math.ceil(length / PAGE) * PAGE;

const isExternal = ({ type, dims }: Weight, external?: External) =>
  external !== undefined && byteLength(type, dims) >= (external.threshold ?? 1024);

/** What stands in front of each weight's numbers, and the size of both. */
function tensorHeads(
  weights: readonly Weight[],
  external?: External,
): { size: number; head: Uint8Array; raw?: Weight }[] {
  let offset = 0;
  return weights.map((weight) => {
    const { name, type, dims } = weight;
    const bytes = byteLength(type, dims);
    const tensor = { name, dims, data_type: TYPES[type] };
    if (external && isExternal(weight, external)) {
      const entries = { location: external.file, offset: `${offset}`, length: `${bytes}` };
      const external_data = Object.entries(entries).map(([key, value]) => ({ key, value }));
      offset += padded(bytes);
      const head = encodeMessage('Tensor', { ...tensor, external_data, data_location: 1 });
      return { size: head.length, head };
    }
    const head = Buffer.concat([encodeMessage('Tensor', tensor), fieldHeader(RAW_DATA, bytes)]);
    return { size: head.length + bytes, head, raw: weight };
  });
}

function bytesOf({ name, type, dims, data }: Weight): Uint8Array {
  const { buffer, byteOffset, byteLength: length } = data();
  if (length !== byteLength(type, dims))
    throw new Error(`${name}: ${length} bytes are not ${type} of [${dims.join(', ')}]`);
  return new Uint8Array(buffer, byteOffset, length);
}
