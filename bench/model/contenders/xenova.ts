import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { InferenceSession } from 'onnxruntime-node';
import { peer } from '../../peer.ts';
import { type Contender, sampling } from '../contender.ts';
import type { Model } from '../models.ts';

interface Transformers {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  readonly AutoModelForCausalLM: {
    from_pretrained(
      name: string,
      options: object,
    ): Promise<{ generate(ids: object, config: object): Promise<object> }>;
  };
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: number[]) => object;
}

/** With as many threads as the others. */
export function xenova(model: Model, threads: number): Promise<Contender> {
  limitThreads(join(model.folder, 'onnx/model.onnx'), threads);
  return xenovaAsIs(model);
}

/** transformers.js 2.17.2: its `generate`, with tokens for a prompt. */
export async function xenovaAsIs({ folder }: Model): Promise<Contender> {
  const source = '@xenova/transformers/src/transformers.js';
  const { env, AutoModelForCausalLM, Tensor } = (await peer(source)) as Transformers;
  env.allowRemoteModels = false;
  env.localModelPath = dirname(folder);
  const model = await AutoModelForCausalLM.from_pretrained(basename(folder), {
    quantized: false,
    model_file_name: 'model',
  });
  return {
    async generate(prompt, count, written) {
      const ids = new Tensor('int64', BigInt64Array.from(prompt, BigInt), [1, prompt.length]);
      await model.generate(ids, {
        max_new_tokens: count,
        min_new_tokens: count,
        do_sample: true,
        temperature: sampling.temperature,
        top_k: sampling.topK,
        callback_function: () => written(),
      });
    },
  };
}

/**
 * Nobody can tell it a number of threads, so that is put in on the way to its runtime; with a path,
 * as that looks at no options where it gets the file's bytes.
 */
function limitThreads(path: string, threads: number): void {
  const folder = new URL('../../node_modules/@xenova/transformers/', import.meta.url);
  const { InferenceSession } = createRequire(folder)('onnxruntime-node') as {
    InferenceSession: { create(file: unknown, options?: InferenceSession.SessionOptions): unknown };
  };
  const create = InferenceSession.create.bind(InferenceSession);
  InferenceSession.create = () =>
    create(path, { executionProviders: ['cpu'], intraOpNumThreads: threads });
}
