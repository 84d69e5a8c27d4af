import { basename, dirname } from 'node:path';
import { peer } from '../../peer.ts';
import { type Contender, sampling } from '../contender.ts';
import type { Model } from '../models.ts';

interface Transformers {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  readonly AutoModelForCausalLM: {
    from_pretrained(
      name: string,
      options: object,
    ): Promise<{ generate(options: object): Promise<object> }>;
  };
  readonly Tensor: new (type: 'int64', data: BigInt64Array, dims: number[]) => object;
}

/** transformers.js 4.3.1: its `generate`, with tokens for a prompt. */
export async function huggingFace({ folder }: Model, threads: number): Promise<Contender> {
  const file = '@huggingface/transformers/dist/transformers.node.mjs';
  const { env, AutoModelForCausalLM, Tensor } = (await peer(file)) as Transformers;
  env.allowRemoteModels = false;
  env.localModelPath = dirname(folder);
  const model = await AutoModelForCausalLM.from_pretrained(basename(folder), {
    dtype: 'fp32',
    device: 'cpu',
    session_options: { intraOpNumThreads: threads, logSeverityLevel: 4 },
  });
  return {
    async generate(prompt, count, written) {
      const dims = [1, prompt.length];
      let told = 0;
      await model.generate({
        input_ids: new Tensor('int64', BigInt64Array.from(prompt, BigInt), dims),
        attention_mask: new Tensor(
          'int64',
          BigInt64Array.from(prompt, () => 1n),
          dims,
        ),
        max_new_tokens: count,
        min_new_tokens: count,
        do_sample: true,
        temperature: sampling.temperature,
        top_k: sampling.topK,
        // The prompt is told first.
        streamer: { put: () => told++ && written(), end() {} },
      });
    },
  };
}
