import type { Patch } from './compose.ts';
import type { Graph } from './graph.ts';
import { ENTRY, EXTERNAL, GRAPH, TENSOR } from './parse.ts';
import type { Reader } from './reader.ts';
import { integer, message } from './write.ts';

// A page: below it, a mapping takes more memory than a copy.
const WORTH_MAPPING = 4096;

/**
 * Has large weights refer to where the file itself has their bytes, as external data, so that
 * onnxruntime maps them instead of holding them twice.
 *
 * @param name the file's, in the folder where onnxruntime will look for it
 * @returns the patches, or why the weights are left where they are
 */
export function mapWeights(reader: Reader, graph: Graph, name: string): readonly Patch[] | string {
  const weights = [...graph.weights.values()];
  if (weights.some((weight) => weight.external)) return 'they are in a file of their own';
  const location = Buffer.from(name);
  const patches: Patch[] = [];
  for (const { start, from, to, raw } of weights) {
    if (!raw || raw.to - raw.start < WORTH_MAPPING) continue;
    const place = { location, offset: number(raw.start), length: number(raw.to - raw.start) };
    const entries = Object.entries(place).map(([key, value]) =>
      message(TENSOR.external, message(ENTRY.key, Buffer.from(key)), message(ENTRY.value, value)),
    );
    const kept = [];
    for (const field of reader.fields(from, to))
      if (field.number !== TENSOR.raw) kept.push(reader.bytes(field.start, field.to));
    const mark = integer(TENSOR.location, EXTERNAL);
    patches.push({ start, to, bytes: message(GRAPH.weight, ...kept, ...entries, mark) });
  }
  return patches.length > 0 ? patches : 'none is as large as a page of memory';
}

const number = (value: number) => Buffer.from(String(value));
