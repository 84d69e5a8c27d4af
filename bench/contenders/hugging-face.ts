import { type Contender, microsecondsSince, sink } from '../contender.ts';
import { peer } from '../peer.ts';
import type { Setting } from '../settings.ts';

interface Tensor {
  readonly [row: number]: Tensor;
}
interface Processors {
  (ids: bigint[][], logits: Tensor): Tensor;
  push(processor: object): void;
}
interface Process {
  readonly LogitsProcessorList: new () => Processors;
  readonly TemperatureLogitsWarper: new (temperature: number) => object;
}
interface Samplers {
  readonly LogitsSampler: {
    getSampler(config: object): (logits: Tensor) => Promise<[token: bigint, logprob: number][]>;
  };
}
interface Tensors {
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: number[]) => Tensor;
}

/**
 * transformers.js 4.3.1: the logits processors and the sampler its `generate` makes, called as its
 * `generate` calls them. Top-k is a session of ONNX Runtime; its top-p class does nothing and is
 * not used by `generate`; there is no min-p.
 */
export async function huggingFace(): Promise<(setting: Setting, vocabulary: number) => Contender> {
  const folder = '@huggingface/transformers/src';
  const process = (await peer(`${folder}/generation/logits_process.js`)) as Process;
  const { LogitsSampler } = (await peer(`${folder}/generation/logits_sampler.js`)) as Samplers;
  const { Tensor } = (await peer(`${folder}/utils/tensor.js`)) as Tensors;
  return ({ temperature, topK }, vocabulary) => {
    const row = new Float32Array(vocabulary);
    const logits = new Tensor('float32', row, [1, vocabulary]);
    const processors = new process.LogitsProcessorList();
    processors.push(new process.TemperatureLogitsWarper(temperature));
    const sampler = LogitsSampler.getSampler({ do_sample: true, num_beams: 1, top_k: topK });
    const ids = [[0n]];
    return {
      name: 'hf',
      // The processors edit the row in place, so it has to be written anew for each step.
      load(values) {
        row.set(values);
      },
      async step() {
        const start = performance.now();
        const scores = processors(ids, logits);
        const [[token]] = await sampler(scores[0]);
        const time = microsecondsSince(start);
        sink.value += Number(token);
        return time;
      },
    };
  };
}
