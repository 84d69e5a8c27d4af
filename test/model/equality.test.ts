import * as ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalModel } from '../../src/model/local-model.ts';
import { argmax } from '../../src/sampling/index.ts';
import { hasLlama, llama, story } from './folders.ts';

/** Logits after each token, by onnxruntime alone: the whole text in one piece, without a past. */
async function onePiece(model: LocalModel, tokens: readonly number[]): Promise<Float32Array[]> {
  const session = await ort.InferenceSession.create(model.info.file);
  const ints = (values: number[]) =>
    new ort.Tensor('int64', BigInt64Array.from(values, BigInt), [1, values.length]);
  const feeds: Record<string, ort.Tensor> = {
    input_ids: ints([...tokens]),
    attention_mask: ints(tokens.map(() => 1)),
    position_ids: ints([...tokens.keys()]),
  };
  for (const { name, shape } of model.info.inputs.filter(({ name }) => name.startsWith('past')))
    feeds[name] = new ort.Tensor('float32', new Float32Array(0), [
      1,
      Number(shape[1]),
      0,
      Number(shape[3]),
    ]);
  const { logits } = await session.run(feeds);
  const all = logits!.data as Float32Array;
  await session.release();
  const width = model.info.vocabularySize;
  return tokens.map((_, i) => all.subarray(i * width, (i + 1) * width));
}

function farthest(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, z, i) => Math.max(most, Math.abs(z - b[i]!)), 0);
}

describe.each([
  { name: 'the embedded model', folder: story, there: true },
  { name: 'another Llama', folder: llama, there: hasLlama },
])('$name', ({ folder, there }) => {
  let model: LocalModel;
  beforeAll(async () => {
    if (there) model = await LocalModel.open(folder);
  });
  afterAll(() => model?.dispose());

  it.skipIf(!there)('decodes with its cache what it reads in one piece', async () => {
    // Longer than a chunk, and then far enough for errors to add up.
    const tokens = Array.from({ length: 280 }, (_, i) => 3 + ((i * 37) % 400));
    const prompt = tokens.length;
    const sequence = model.sequence();
    const rows = [await sequence.decode(tokens)];
    while (tokens.length < prompt + 120) {
      const token = argmax(rows.at(-1)!);
      tokens.push(token);
      rows.push(await sequence.decode([token]));
    }
    const expected = (await onePiece(model, tokens)).slice(prompt - 1);
    expect(rows.map((row) => argmax(row))).toEqual(expected.map((row) => argmax(row)));
    expect(Math.max(...rows.map((row, i) => farthest(row, expected[i]!)))).toBeLessThan(1e-3);
    expect(new Set(tokens.slice(prompt)).size).toBeGreaterThan(5);
  });
});
