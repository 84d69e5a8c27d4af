import type { InferenceSession } from 'onnxruntime-node';
import { KelvinError } from '../sampling/error.ts';
import { NEW, ROWS } from './graph/edit.ts';

/** A key or value cache of a layer. */
export interface CacheSlot {
  /** The input that takes it, and the output with its new rows, or with all of them. */
  readonly input: string;
  readonly output: string;
  readonly type: 'float32' | 'float16';
  readonly emptyShape: readonly number[];
  /** Of [batch, heads, tokens, size]; NaN where the graph does not say. */
  readonly heads: number;
  readonly size: number;
}

/** What a decoder graph wants and gives, read from the session and not guessed from a name. */
export interface Signature {
  /** The file it was read from, for messages. */
  readonly path: string;
  readonly inputs: ReadonlySet<string>;
  /** Whether several texts may go through at a time. */
  readonly batches: boolean;
  readonly cache: readonly CacheSlot[];
  readonly vocabularySize: number | undefined;
}

const FED: ReadonlyMap<string, string> = new Map([
  ['input_ids', 'int64'],
  ['attention_mask', 'int64'],
  ['position_ids', 'int64'],
  ['num_logits_to_keep', 'int64'],
  ['use_cache_branch', 'bool'],
  [ROWS, 'int64'],
]);
const PAST = /^past_key_values\./;

/** @throws KelvinError `MODEL_UNSUPPORTED` naming the input or output that kelvin cannot serve */
export function readSignature(session: InferenceSession, path: string): Signature {
  const outputs = new Map(session.outputMetadata.map((output) => [output.name, output]));
  const unsupported = (what: string) =>
    new KelvinError('MODEL_UNSUPPORTED', `${path}: not a decoder kelvin can run: ${what}`);

  const cache: CacheSlot[] = [];
  for (const input of session.inputMetadata) {
    const type = FED.get(input.name);
    if (type !== undefined) {
      if (input.isTensor && input.type === type) continue;
      throw unsupported(`its input "${input.name}" is not ${type}`);
    }
    if (!PAST.test(input.name)) throw unsupported(`it wants the input "${input.name}"`);
    if (!input.isTensor || !isFloat(input.type)) {
      throw unsupported(`its cache "${input.name}" is neither float32 nor float16`);
    }
    const all = input.name.replace(PAST, 'present.');
    const fresh = input.name.replace(PAST, NEW);
    const output = outputs.has(fresh) ? fresh : all;
    if (!outputs.has(output)) throw unsupported(`it takes "${input.name}" but gives no "${all}"`);
    cache.push({
      input: input.name,
      output,
      type: input.type,
      emptyShape: empty(input.shape),
      heads: Number(input.shape[1]),
      size: Number(input.shape[3]),
    });
  }

  const logits = outputs.get('logits');
  if (!logits?.isTensor) throw unsupported('it gives no "logits"');
  if (!isFloat(logits.type)) throw unsupported(`its "logits" are ${logits.type}`);
  if (!session.inputNames.includes('input_ids')) throw unsupported('it takes no "input_ids"');
  const width = logits.shape.at(-1);
  return {
    path,
    inputs: new Set(session.inputNames),
    batches: session.inputMetadata.every(
      (input) =>
        !input.isTensor ||
        input.shape.length < 2 ||
        typeof input.shape[0] !== 'number' ||
        input.name === ROWS,
    ),
    cache,
    vocabularySize: typeof width === 'number' && width > 0 ? width : undefined,
  };
}

function isFloat(type: string): type is 'float32' | 'float16' {
  return type === 'float32' || type === 'float16';
}

// [batch, heads, past, size]: one sequence, nothing past; every other axis is a number in the file.
function empty(shape: readonly (number | string)[]): number[] {
  return shape.map((size, axis) =>
    axis === 0 ? 1 : typeof size === 'number' && size > 0 ? size : 0,
  );
}
