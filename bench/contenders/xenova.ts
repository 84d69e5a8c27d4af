import { type Contender, microsecondsSince, sink } from '../contender.ts';
import { peer } from '../peer.ts';
import type { Setting } from '../settings.ts';

type Tensor = object;
interface Generation {
  readonly Sampler: {
    getSampler(config: object): (logits: Tensor) => [token: number, logprob: number][];
  };
}
interface Tensors {
  readonly Tensor: new (type: 'float32', data: Float32Array, dims: number[]) => Tensor;
}

/**
 * transformers.js 2.17.2: the sampler its `generate` makes, given logits as its `generate` gives
 * them. Temperature and top-k are in there; top-p and min-p are not in the library.
 */
export async function xenova(): Promise<(setting: Setting, vocabulary: number) => Contender> {
  const folder = '@xenova/transformers/src/utils';
  const { Sampler } = (await peer(`${folder}/generation.js`)) as Generation;
  const { Tensor } = (await peer(`${folder}/tensor.js`)) as Tensors;
  return ({ temperature, topK }, vocabulary) => {
    const row = new Float32Array(vocabulary);
    const logits = new Tensor('float32', row, [1, 1, vocabulary]);
    const sampler = Sampler.getSampler({
      do_sample: true,
      num_beams: 1,
      temperature,
      top_k: topK,
    });
    return {
      name: 'xenova',
      load(values) {
        row.set(values);
      },
      step() {
        const start = performance.now();
        sink.value += sampler(logits)[0][0];
        return microsecondsSince(start);
      },
    };
  };
}
