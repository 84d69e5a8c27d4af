import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { LocalModel } from '../../src/model/local-model.ts';
import { decoder } from './decoders/decoder.ts';
import { type DecoderShape, tinyGpt2, tinyLlama } from './decoders/shape.ts';

const TOKENS = Array.from({ length: 48 }, (_, i) => 1 + ((i * 7919) % 2047));
const PROMPT = 40;

/** Logits after a prompt in two pieces and after each token behind it. */
async function rows(shape: DecoderShape): Promise<Float32Array[]> {
  const model = await LocalModel.open(decoder(shape).folder, {});
  try {
    const sequence = model.sequence();
    // The branch with a past of merged decoders is for single tokens.
    if (!shape.merged) await sequence.decode(TOKENS.slice(0, PROMPT / 2));
    const all = [await sequence.decode(TOKENS.slice(sequence.length, PROMPT))];
    for (const token of TOKENS.slice(PROMPT)) all.push(await sequence.decode([token]));
    return all;
  } finally {
    await model.dispose();
  }
}

function farthest(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  return Math.max(...a.map((row, i) => Math.max(...row.map((z, j) => Math.abs(z - b[i]![j]!)))));
}

type Change = Partial<DecoderShape>;
const same = 2e-5;
/** Where something is in half precision. */
const near = 0.05;

describe.each([
  ['GPT-2', tinyGpt2],
  ['Llama', tinyLlama],
  ['Llama, a key for each head', { ...tinyLlama, kvHeads: 4 }],
] as const)('%s gives the same logits', (_, base: DecoderShape) => {
  const expected = rows(base);

  it('which depend on tokens and places', async () => {
    const all = await expected;
    expect(farthest(all.slice(1), all)).toBeGreaterThan(3);
    expect(Math.max(...all.map((row) => Math.max(...row)))).toBeGreaterThan(3);
  });

  const attentions: Change[] = [
    { attention: 'concat' },
    { attention: 'gqa' },
    { attention: 'packed' },
  ];
  if (base.kvHeads === base.heads) attentions.push({ attention: 'mha' });
  const inputs: Change[] = [
    {},
    { positions: false },
    { mask: false },
    { positions: false, mask: false },
  ];
  const written: [Change, number][] = [
    ...attentions.flatMap((attention) =>
      inputs.map((input): [Change, number] => [{ ...attention, ...input }, same]),
    ),
    ...attentions.map((attention): [Change, number] => [{ ...attention, cache: 'float16' }, near]),
    [{ norm: 'fused' }, same],
    [{ norm: 'fused', attention: 'gqa' }, same],
    [{ head: 'gemm' }, same],
    [{ head: 'transpose' }, same],
    [{ keep: true }, same],
    [{ keep: true, head: 'gemm' }, same],
    ...attentions.map((attention): [Change, number] => [{ ...attention, merged: true }, same]),
    [{ external: true }, same],
    [{ described: true }, same],
    [{ body: 'float16' }, near],
    [{ logits: 'float16' }, near],
  ];
  it.each(written)('as %o', async (change, tolerance) => {
    expect(farthest(await rows({ ...base, ...change }), await expected)).toBeLessThan(tolerance);
  });
});

describe.each([tinyGpt2, tinyLlama])('$family gives nearly the same logits', (base) => {
  const quantised: [Change, number][] = [
    [{ head: 'q4' }, 1],
    [{ head: 'q8' }, 0.2],
    [{ body: 'q4', head: 'q4' }, 4],
    [{ body: 'q8', head: 'q8' }, 0.5],
    [{ body: 'float16', head: 'float16' }, near],
  ];
  it.each(quantised)('as %o', async (change, tolerance) => {
    const apart = farthest(await rows({ ...base, ...change }), await rows(base));
    expect(apart).toBeGreaterThan(1e-3);
    expect(apart).toBeLessThan(tolerance);
  });
});

describe.each([tinyGpt2, tinyLlama])('$family gives the same other logits', (base) => {
  const others: [string, Change][] = [
    ['seen through a window', { window: 8 }],
    ['below a cap', { softcap: 2 }],
  ];
  it.each(others)('%s', async (_, change) => {
    const plain = await rows({ ...base, ...change });
    expect(farthest(plain, await rows(base))).toBeGreaterThan(0.1);
    const fused: Change = { ...change, attention: 'gqa', norm: 'fused', head: 'gemm' };
    expect(farthest(plain, await rows({ ...base, ...fused }))).toBeLessThan(same);
  });
});

it.each(['concat', 'gqa', 'mha'] as const)('several rows at once by %s', async (attention) => {
  const { folder } = decoder({ ...tinyGpt2, attention });
  const session = await InferenceSession.create(join(folder, 'onnx/model.onnx'));
  const texts = [TOKENS.slice(0, 8), TOKENS.slice(8, 16)];
  const run = async (batch: number[][]) => {
    const ints = (value: (token: number, i: number) => number) =>
      new Tensor(
        'int64',
        batch.flatMap((row) => row.map((token, i) => BigInt(value(token, i)))),
        [batch.length, 8],
      );
    const feeds: Record<string, Tensor> = {
      input_ids: ints((token) => token),
      attention_mask: ints(() => 1),
      position_ids: ints((_, i) => i),
    };
    for (const name of session.inputNames.filter((input) => input.startsWith('past')))
      feeds[name] = new Tensor('float32', [], [batch.length, 4, 0, 16]);
    const { logits } = await session.run(feeds);
    return logits!.data as Float32Array;
  };
  const alone = [...(await run([texts[0]!])), ...(await run([texts[1]!]))];
  const together = await run(texts);
  expect(farthest([together], [Float32Array.from(alone)])).toBeLessThan(same);
  await session.release();
});
