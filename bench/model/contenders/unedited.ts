import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as onnxruntime from 'onnxruntime-node';
import { distFolder } from '../../kelvin.ts';
import type { Contender } from '../contender.ts';
import type { Model } from '../models.ts';

// The onnxruntime kelvin has, and not that of a peer.
const ort = createRequire(distFolder)('onnxruntime-node') as typeof onnxruntime;

/**
 * The graph as it is in its file, run in the plainest way: the whole prompt at once, all its
 * logits, and what comes out as `present` goes back in as `past_key_values`.
 */
export async function unedited({ folder }: Model, threads: number): Promise<Contender> {
  const session = await ort.InferenceSession.create(join(folder, 'onnx/model.onnx'), {
    intraOpNumThreads: threads,
    logSeverityLevel: 4,
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  });
  const caches = session.inputMetadata.filter(({ name }) => name.startsWith('past_key_values.'));
  const empty = (): Record<string, onnxruntime.Tensor> =>
    Object.fromEntries(
      caches.map((cache) => {
        const shape = cache.isTensor ? cache.shape : [];
        const dims = shape.map((size, axis) =>
          axis === 0 ? 1 : typeof size === 'number' ? size : 0,
        );
        return [cache.name, new ort.Tensor('float32', [], dims)];
      }),
    );
  const integers = (length: number, value: (index: number) => number) =>
    new ort.Tensor(
      'int64',
      BigInt64Array.from({ length }, (_, index) => BigInt(value(index))),
      [1, length],
    );
  let past = empty();
  let length = 0;
  return {
    reset() {
      past = empty();
      length = 0;
    },
    async extend(tokens) {
      const outputs = await session.run({
        input_ids: integers(tokens.length, (index) => tokens[index]),
        attention_mask: integers(length + tokens.length, () => 1),
        position_ids: integers(tokens.length, (index) => length + index),
        ...past,
      });
      length += tokens.length;
      past = Object.fromEntries(
        caches.map(({ name }) => [name, outputs[name.replace('past_key_values', 'present')]]),
      );
      const logits = outputs.logits.data as Float32Array;
      return logits.slice(-outputs.logits.dims[2]);
    },
  };
}
