import type { InferenceSession } from 'onnxruntime-node';
import { KelvinError } from '../sampling/error.ts';

/** A key or value cache: which input takes it, which output renews it, its shape when empty. */
interface CacheSlot {
  readonly input: string;
  readonly output: string;
  readonly type: 'float32' | 'float16';
  readonly emptyShape: readonly number[];
}

/** What a decoder graph wants and gives, read from the session and not guessed from a name. */
export interface Signature {
  readonly inputs: ReadonlySet<string>;
  readonly cache: readonly CacheSlot[];
  readonly vocabularySize: number | undefined;
}

const FED = new Set([
  'input_ids',
  'attention_mask',
  'position_ids',
  'num_logits_to_keep',
  'use_cache_branch',
]);
const PAST = /^past_key_values\./;

/** @throws KelvinError `MODEL_UNSUPPORTED` naming the input or output that kelvin cannot serve */
export function readSignature(session: InferenceSession, path: string): Signature {
  const outputs = new Map(session.outputMetadata.map((output) => [output.name, output]));
  const unsupported = (what: string) =>
    new KelvinError('MODEL_UNSUPPORTED', `${path}: not a decoder kelvin can run: ${what}`);

  const cache: CacheSlot[] = [];
  for (const input of session.inputMetadata) {
    if (FED.has(input.name)) continue;
    if (!PAST.test(input.name)) throw unsupported(`it wants the input "${input.name}"`);
    if (!input.isTensor || (input.type !== 'float32' && input.type !== 'float16')) {
      throw unsupported(`its cache "${input.name}" is neither float32 nor float16`);
    }
    const output = input.name.replace(PAST, 'present.');
    if (!outputs.has(output))
      throw unsupported(`it takes "${input.name}" but gives no "${output}"`);
    cache.push({ input: input.name, output, type: input.type, emptyShape: empty(input.shape) });
  }

  const logits = outputs.get('logits');
  if (!logits?.isTensor) throw unsupported('it gives no "logits"');
  if (!session.inputNames.includes('input_ids')) throw unsupported('it takes no "input_ids"');
  const width = logits.shape.at(-1);
  return {
    inputs: new Set(session.inputNames),
    cache,
    vocabularySize: typeof width === 'number' && width > 0 ? width : undefined,
  };
}

// [batch, heads, past, size]: one sequence, nothing past; every other axis is a number in the file.
function empty(shape: readonly (number | string)[]): number[] {
  return shape.map((size, axis) => (axis === 0 ? 1 : typeof size === 'number' ? size : 0));
}
