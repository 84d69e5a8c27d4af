import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import type { Patch } from './compose.ts';
import type { Graph, Weight } from './graph.ts';
import { parseEntry } from './parse.ts';
import type { Reader } from './reader.ts';
import { ENTRY, EXTERNAL, GRAPH, TENSOR } from './schema.ts';
import { type Bytes, integer, message } from './write.ts';

/** Where onnxruntime finds the weights of an edited model, which it has without a path. */
interface Weights {
  readonly folder: string;
  /** Whether some of the file's own are among them. */
  readonly mapped: boolean;
  readonly patches: readonly Patch[];
}

// A page: below it, a mapping takes more memory than a copy.
const WORTH_MAPPING = 4096;

/**
 * Has large weights refer to where the file itself has their bytes, as external data, so that
 * onnxruntime maps them instead of holding them twice. While the model is loaded, the file may
 * then be removed or replaced by another, but not written anew in place: what is mapped changes
 * with it, and beyond its new end there is only a bus error.
 *
 * A hub's cache has links to files of other names in another folder, and onnxruntime follows no
 * link out of the folder it is given: so it is given that of the files themselves.
 *
 * @returns undefined where some weights are outside the model's folder
 */
export function mapWeights(reader: Reader, graph: Graph): Weights | undefined {
  const self = realpathSync(reader.path);
  const folder = dirname(self);
  const located = new Map<string, string>();
  const patches: Patch[] = [];
  let mapped = false;
  for (const weight of graph.weights.values()) {
    const { raw, location } = weight;
    if (location !== undefined) {
      const place = located.get(location) ?? placeOf(location, reader.path, folder);
      if (place === undefined) return undefined;
      located.set(location, place);
      if (place !== location) patches.push(relocated(reader, weight, { location: place }));
    } else if (raw && raw.to - raw.start >= WORTH_MAPPING) {
      const [offset, length] = [String(raw.start), String(raw.to - raw.start)];
      patches.push(relocated(reader, weight, { location: basename(self), offset, length }));
      mapped = true;
    }
  }
  return { folder, mapped, patches };
}

/** The name of a file that a model calls `location`, seen from `folder`, if it is in there. */
function placeOf(location: string, model: string, folder: string): string | undefined {
  const place = relative(folder, realpathSync(join(dirname(model), location)));
  return place.startsWith('..') || isAbsolute(place) ? undefined : place;
}

/** A weight without bytes of its own, and with these entries of external data for any it had. */
function relocated(reader: Reader, weight: Weight, entries: Record<string, string>): Patch {
  const kept: Bytes[] = [];
  for (const field of reader.fields(weight.from, weight.to)) {
    if (field.number === TENSOR.raw) continue;
    if (field.number === TENSOR.external && parseEntry(reader, field).key in entries) continue;
    kept.push(reader.bytes(field.start, field.to));
  }
  const external = Object.entries(entries).map(([key, value]) => {
    const parts = [message(ENTRY.key, Buffer.from(key)), message(ENTRY.value, Buffer.from(value))];
    return message(TENSOR.external, ...parts);
  });
  const bytes = message(GRAPH.weight, ...kept, ...external, integer(TENSOR.location, EXTERNAL));
  return { start: weight.start, to: weight.to, bytes };
}
