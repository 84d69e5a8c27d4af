/** The exported model as it will be run: tokenizer by transformers.js, graph by onnxruntime. */
import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { AutoTokenizer, env } from '@xenova/transformers';
import * as ort from 'onnxruntime-node';

type Cache = Record<string, ort.Tensor>;

interface Story {
  readonly context: number;
  readonly vocabulary: number;
  /** Token ids without special marks. */
  encode(text: string): number[];
  decode(ids: readonly number[]): string;
  /** Rows of equal length; `mask` and `positions` default to no padding. */
  run(
    rows: readonly number[][],
    cache?: Cache,
    mask?: readonly number[][],
    positions?: readonly number[][],
  ): Promise<{ logits: Float32Array; cache: Cache }>;
}

const ints = (rows: readonly (readonly number[])[]) =>
  new ort.Tensor('int64', BigInt64Array.from(rows.flat().map(BigInt)), [
    rows.length,
    rows[0]?.length ?? 0,
  ]);

export async function openStory(folder: string): Promise<Story> {
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = dirname(resolve(folder));
  const tokenizer = await AutoTokenizer.from_pretrained(basename(resolve(folder)));
  const session = await ort.InferenceSession.create(join(folder, 'onnx/model.onnx'), {
    intraOpNumThreads: 1,
  });
  const heads: number = config.num_key_value_heads;
  return {
    context: config.max_position_embeddings,
    vocabulary: config.vocab_size,
    encode: (text) => tokenizer.encode(text, { add_special_tokens: false }),
    decode: (ids) => tokenizer.decode([...ids], { skip_special_tokens: true }),
    async run(rows, cache, mask, positions) {
      const length = rows[0]?.length ?? 0;
      const old = cache?.['past_key_values.0.key']?.dims[2] ?? 0;
      const inputs: Cache = {
        input_ids: ints(rows),
        attention_mask: ints(mask ?? rows.map(() => Array(old + length).fill(1))),
        position_ids: ints(positions ?? rows.map((row) => row.map((_, i) => old + i))),
      };
      for (const name of session.inputNames.filter((n) => n.startsWith('past'))) {
        inputs[name] =
          cache?.[name] ??
          new ort.Tensor('float32', new Float32Array(0), [rows.length, heads, 0, config.head_dim]);
      }
      const outputs = await session.run(inputs);
      const next: Cache = {};
      for (const [name, tensor] of Object.entries(outputs)) {
        if (name.startsWith('present')) next[name.replace('present', 'past_key_values')] = tensor;
      }
      return { logits: outputs.logits!.data as Float32Array, cache: next };
    },
  };
}
