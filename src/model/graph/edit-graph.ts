import { closeSync, fstatSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { KelvinError } from '../../sampling/error.ts';
import { reason } from '../reason.ts';
import { editAttention } from './attention.ts';
import { editCache, findCache, type Slot } from './cache.ts';
import { compose } from './compose.ts';
import { constantsOf } from './constants.ts';
import { Edit, hasNamesOf } from './edit.ts';
import type { Graph } from './graph.ts';
import { editHead } from './head.ts';
import { type Padding, paddingOf } from './padding.ts';
import { parseModel } from './parse.ts';
import { Reader, TooLarge } from './reader.ts';
import { mapWeights } from './weights.ts';

/** What became of a graph, in words. */
export interface GraphReport {
  readonly head: string;
  readonly cache: string;
  readonly attention: string;
  readonly weights: string;
  /** Room that a past may have. */
  readonly padding: Padding;
  /** Whether a row of logits depends on nothing but its own text. */
  readonly rows: string;
}

/** A decoder as it is best run. */
export interface EditedGraph {
  /** The edited model; undefined where the file is best opened as it is. */
  readonly model: Uint8Array | undefined;
  /** Where onnxruntime finds the model's external data, itself among them. */
  readonly folder: string;
  readonly report: GraphReport;
}

/**
 * Edits a decoder's graph as it is loaded; the file stays as it is, and is never read as a whole.
 *
 * - Only tokens asked for get logits, by the input `kelvin.rows` (see `editHead`).
 * - The outputs `new.*` have the new rows of the cache, in place of all rows in `present.*`.
 * - Attention reads past and new rows apart, in place of joining them (see `editAttention`).
 * - Large weights are mapped from the file.
 *
 * What is not recognised is left, and `report` says why.
 *
 * @throws KelvinError `MODEL_FILE` naming the file, where it cannot be read or is no protobuf
 */
export function editGraph(path: string): EditedGraph {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    const reader = new Reader(path, file, fstatSync(file).size);
    const graph = parseModel(reader);
    if (!graph) return untouched(path, 'the file has not one graph');
    if (hasNamesOf(graph)) return untouched(path, 'the graph has names that an edit would use');
    return edited(reader, graph);
  } catch (cause) {
    if (cause instanceof KelvinError) throw cause;
    if (cause instanceof TooLarge) return untouched(path, 'the graph is too large for an edit');
    throw new KelvinError('MODEL_FILE', `${path}: ${reason(cause)}`, { cause });
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function edited(reader: Reader, graph: Graph): EditedGraph {
  const weights = mapWeights(reader, graph);
  if (!weights) return untouched(reader.path, 'some weights are outside its folder');
  const { folder, mapped, patches } = weights;
  const edit = new Edit();
  const whyNotHead = editHead(graph, edit);
  const slots = findCache(graph);
  const hasSizes = (slot: Slot) => [1, 3].every((axis) => Number(slot.past.dims?.[axis]) > 0);
  const padding =
    typeof slots !== 'string' && slots.every(hasSizes) ? paddingOf(graph, slots) : 'none';
  // Without room to spare a past is the last run's present, and costs nothing to put together.
  const cached = typeof slots !== 'string' && padding !== 'none';
  if (cached) editCache(graph, slots, edit);
  const whyNotAttention = cached
    ? editAttention(graph, slots, edit, constantsOf(reader, graph))
    : 'its cache is';
  const whyNotCache = typeof slots === 'string' ? slots : 'the past must have no room to spare';
  const report = {
    head: whyNotHead === undefined ? 'only the tokens asked for' : left(whyNotHead),
    cache: cached ? 'only new rows are given out' : left(whyNotCache),
    attention: whyNotAttention === undefined ? 'past and new rows apart' : left(whyNotAttention),
    weights: mapped ? 'mapped from the file' : left('the file has no large ones'),
    padding,
    rows: graph.nodes.some(({ op }) => MIXES.test(op)) ? MIXED : APART,
  } as const;
  const worthwhile = whyNotHead === undefined || cached || mapped;
  const model = worthwhile ? compose(reader, graph, edit, patches) : undefined;
  return { model, folder, report };
}

function untouched(path: string, why: string): EditedGraph {
  const report = {
    ...{ head: left(why), cache: left(why), attention: left(why), weights: left(why) },
    ...{ padding: 'none' as const, rows: MIXED },
  };
  return { model: undefined, folder: dirname(path), report };
}

/** Operators that round all rows of a run by the largest number among them. */
const MIXES = /DynamicQuantize/;
export const APART = 'apart: texts may share a run, and what is known of a text may be used again';
const MIXED = 'mixed or unknown: each text goes alone, and is read anew';

const left = (why: string) => `left: ${why}`;
