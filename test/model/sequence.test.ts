import * as ort from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { Decoder } from '../../src/model/decoder.ts';
import { onnxFiles } from '../../src/model/onnx-file.ts';
import { Sequence } from '../../src/model/sequence.ts';
import { openSession } from '../../src/model/session.ts';
import { readSignature } from '../../src/model/signature.ts';
import { decoder } from './decoders/decoder.ts';
import { tinyGpt2 } from './decoders/shape.ts';
import { type Shape, tinyGraph } from './tiny.ts';

/** How many tokens each run of the graph was given, for a prompt and two more tokens. */
async function runs(shape: Shape): Promise<number[]> {
  const session = await ort.InferenceSession.create(tinyGraph(shape).encode().model);
  const signature = readSignature(session, 'model.onnx');
  const lengths: number[] = [];
  const run = (feeds: Record<string, ort.Tensor>) => {
    lengths.push(feeds.input_ids!.dims[1]!);
    return session.run(feeds);
  };
  const watched = { run } as unknown as ort.InferenceSession;
  const sequence = new Sequence(new Decoder(ort, watched, signature));
  await sequence.decode(Array(300).fill(5));
  await sequence.decode([6]);
  await sequence.decode([7]);
  await session.release();
  return lengths;
}

describe('a sequence gives its graph', () => {
  it.each<[string, Shape, number[]]>([
    ['the prompt in chunks, then each token', {}, [256, 44, 1, 1]],
    ['the whole prompt, where its cache knows single tokens', { branch: true }, [300, 1, 1]],
    ['the whole text each time, where it has no cache', { cache: 'none' }, [300, 301, 302]],
  ])('%s', async (_, shape, lengths) => {
    expect(await runs(shape)).toEqual(lengths);
  });
});

describe('a graph that attends to so many tokens', () => {
  it.each([1, 5, 64, 200])('is never shown more, room included, by pieces of %d', async (piece) => {
    const shape = { ...tinyGpt2, context: 210 };
    const session = await openSession((await onnxFiles(decoder(shape).folder))[0]!, 1);
    const signature = readSignature(session.session, 'model.onnx');
    const widths: number[] = [];
    const run = (feeds: Record<string, ort.Tensor>) => {
      widths.push(feeds.attention_mask!.dims[1]!);
      return session.session.run(feeds);
    };
    const watched = { run } as unknown as ort.InferenceSession;
    const sequence = new Sequence(
      new Decoder(ort, watched, signature, { padding: 'left', contextLength: shape.context }),
    );
    while (sequence.length < shape.context) {
      const count = Math.min(piece, shape.context - sequence.length);
      await sequence.decode(Array.from({ length: count }, (_, i) => 1 + i));
    }
    expect(Math.max(...widths)).toBeLessThanOrEqual(shape.context);
    expect(widths.length).toBe(Math.ceil(shape.context / piece));
    await session.session.release();
  });
});
