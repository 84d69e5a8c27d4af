import type { Graph } from './graph.ts';
import type { Reader } from './reader.ts';
import { FLOAT32, INT64, TENSOR } from './schema.ts';

/** What a file has for values that are axes, sizes or scales. */
export interface Constants {
  /** A list of int64; undefined where the file has none such. */
  integers(value: string): readonly number[] | undefined;
  /** Whether it is one float32. */
  isScalar(value: string): boolean;
}

const BYTES = 8;
/** Longer ones are no axes or sizes. */
const LONGEST = 16;

export function constantsOf(reader: Reader, graph: Graph): Constants {
  const contentOf = (value: string): { type: number; bytes: Buffer } | undefined => {
    const place = graph.weights.get(value) ?? graph.producers.get(value)?.tensor;
    if (!place) return undefined;
    let type = 0;
    let bytes: Buffer | undefined;
    for (const field of reader.fields(place.from, place.to)) {
      if (field.number === TENSOR.type) type = field.value;
      else if (field.number === TENSOR.raw && field.to - field.from <= LONGEST * BYTES)
        bytes = Buffer.from(reader.bytes(field.from, field.to));
    }
    return bytes && { type, bytes };
  };
  return {
    integers(value) {
      const { type, bytes } = contentOf(value) ?? {};
      if (type !== INT64 || !bytes || bytes.length % BYTES !== 0) return undefined;
      return Array.from({ length: bytes.length / BYTES }, (_, i) =>
        Number(bytes.readBigInt64LE(i * BYTES)),
      );
    },
    isScalar(value) {
      const { type, bytes } = contentOf(value) ?? {};
      return type === FLOAT32 && bytes?.length === 4;
    },
  };
}
