import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { KelvinError } from '../sampling/error.ts';
import { ROWS } from './graph/edit.ts';
import { floatsFromHalves } from './half.ts';
import { joinRows } from './join-rows.ts';
import { reason } from './reason.ts';
import type { Signature } from './signature.ts';

/** One text on its way through a model: the tokens so far, as far as the model remembers them. */
export interface Sequence {
  /** Tokens decoded so far. */
  readonly length: number;
  /**
   * Appends tokens.
   *
   * @returns the logits that follow the last of them, a row of the model's vocabulary size
   * @throws the signal's reason, between chunks of a long prompt; the sequence is then unusable
   * @throws KelvinError `MODEL_FILE` where the graph fails to run
   */
  decode(tokens: readonly number[], signal?: AbortSignal): Promise<Float32Array>;
}

type Ort = typeof import('onnxruntime-node');

// Long enough that chunking costs nothing, short enough that an abort is honoured within a moment.
const CHUNK = 256;

/** A sequence over an ONNX session, with the key/value cache where the graph has one. */
export class OnnxSequence implements Sequence {
  readonly #ort: Ort;
  readonly #session: InferenceSession;
  readonly #signature: Signature;
  readonly #chunk: number;
  #cache: Record<string, Tensor>;
  #tokens: number[] = [];

  constructor(ort: Ort, session: InferenceSession, signature: Signature) {
    this.#ort = ort;
    this.#session = session;
    this.#signature = signature;
    this.#cache = Object.fromEntries(
      signature.cache.map(({ input, type, emptyShape }) => [
        input,
        type === 'float16'
          ? new ort.Tensor('float16', new Uint16Array(0), emptyShape)
          : new ort.Tensor('float32', new Float32Array(0), emptyShape),
      ]),
    );
    // Without a cache each chunk would read everything again; and the branch of a merged graph
    // that has a cache was traced with one token, so it may know no order among several.
    const whole = signature.cache.length === 0 || signature.inputs.has('use_cache_branch');
    this.#chunk = whole ? Number.POSITIVE_INFINITY : CHUNK;
  }

  get length(): number {
    return this.#tokens.length;
  }

  async decode(tokens: readonly number[], signal?: AbortSignal): Promise<Float32Array> {
    let logits: Tensor | undefined;
    for (let start = 0; start < tokens.length; start += this.#chunk) {
      signal?.throwIfAborted();
      const end = start + this.#chunk;
      logits = await this.#append(tokens.slice(start, end), end >= tokens.length);
    }
    if (!logits) throw new RangeError('tokens: must hold at least one token, received none');
    return lastRow(logits);
  }

  /** @param last whether the logits behind the chunk are wanted */
  async #append(chunk: readonly number[], last: boolean): Promise<Tensor> {
    const past = this.#signature.cache.length > 0 ? this.#tokens.length : 0;
    for (const token of chunk) this.#tokens.push(token);
    // A graph without a cache reads the whole text again.
    const fresh = past === 0 ? this.#tokens : chunk;
    const outputs = await this.#run({ ...this.#feeds(fresh, past, last), ...this.#cache });
    for (const { input, output, rowsOnly } of this.#signature.cache) {
      const rows = outputs[output]!;
      this.#cache[input] = rowsOnly ? joinRows(this.#ort, this.#cache[input]!, rows) : rows;
    }
    return outputs.logits!;
  }

  #run(feeds: Record<string, Tensor>): Promise<Record<string, Tensor>> {
    return this.#session.run(feeds).catch((cause: unknown) => {
      throw new KelvinError('MODEL_FILE', `${this.#signature.path}: ${reason(cause)}`, { cause });
    });
  }

  #feeds(tokens: readonly number[], past: number, last: boolean): Record<string, Tensor> {
    const { Tensor } = this.#ort;
    const integers = (length: number, value: (index: number) => number) =>
      new Tensor(
        'int64',
        BigInt64Array.from({ length }, (_, index) => BigInt(value(index))),
        [1, length],
      );
    const feeds: Record<string, () => Tensor> = {
      input_ids: () => integers(tokens.length, (index) => tokens[index]!),
      attention_mask: () => integers(past + tokens.length, () => 1),
      position_ids: () => integers(tokens.length, (index) => past + index),
      num_logits_to_keep: () => new Tensor('int64', [1n], []),
      [ROWS]: () => integers(last ? 1 : 0, () => tokens.length - 1),
      use_cache_branch: () => new Tensor('bool', [past > 0], [1]),
    };
    return Object.fromEntries(
      Object.entries(feeds)
        .filter(([name]) => this.#signature.inputs.has(name))
        .map(([name, tensor]) => [name, tensor()]),
    );
  }
}

// Logits are [1, rows, vocabulary]; what follows the last token is the last row.
function lastRow(logits: Tensor): Float32Array {
  const width = logits.dims.at(-1)!;
  const row = (logits.data as Float32Array | Uint16Array).slice(-width);
  return row instanceof Float32Array ? row : floatsFromHalves(row);
}
