import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate, loadModel } from 'kelvin';
import { describe, expect, it } from 'vitest';
import { LocalModel } from '../../src/model/local-model.ts';
import { Graph } from '../../training/onnx.ts';
import { type Shape, tinyGraph, tinyModel } from './tiny.ts';

const TOKENS = Array.from({ length: 320 }, (_, i) => 1 + ((i * 7919) % 2047));
/** More than one chunk of the prompt, then token by token. */
const PROMPT = 300;

/** Logits after the prompt and after each token behind it. */
async function rows(model: LocalModel): Promise<Float32Array[]> {
  const sequence = model.sequence();
  const all = [await sequence.decode(TOKENS.slice(0, PROMPT))];
  for (const token of TOKENS.slice(PROMPT)) all.push(await sequence.decode([token]));
  expect(sequence.length).toBe(TOKENS.length);
  return all;
}

async function opened<T>(folder: string, use: (model: LocalModel) => Promise<T>, dtype?: 'q4') {
  const model = await LocalModel.open(folder, dtype ? { dtype } : {});
  try {
    return await use(model);
  } finally {
    await model.dispose();
  }
}

function farthest(a: readonly Float32Array[], b: readonly Float32Array[]): number {
  return Math.max(...a.map((row, i) => Math.max(...row.map((z, j) => Math.abs(z - b[i]![j]!)))));
}

describe('a decoder runs', () => {
  const shapes: [string, Shape, number][] = [
    ['with a cache', {}, 1e-5],
    ['with half-precision weights', { storage: 'float16' }, 1e-5],
    ['with weights in eight bits', { storage: 'int8' }, 1e-5],
    ['with a half-precision cache', { cache: 'float16' }, 1e-2],
    ['with half-precision logits', { logits: 'float16' }, 1e-2],
    ['all in half precision', { storage: 'float16', cache: 'float16', logits: 'float16' }, 1e-2],
    ['that wants to know how many logits to keep', { keep: true }, 1e-5],
    ['without position_ids', { positions: false }, 1e-5],
    ['without attention_mask', { mask: false }, 1e-5],
    ['without a cache', { cache: 'none' }, 1e-5],
    ['of two merged branches', { branch: true }, 1e-5],
  ];

  it.each(shapes)('%s', async (_, shape, tolerance) => {
    // The reference reads the whole text again for every token.
    const plain: Shape = { ...shape, cache: 'none', logits: 'float32', keep: false, branch: false };
    const expected = await opened(tinyModel(tinyGraph(plain)), rows);
    const actual = await opened(tinyModel(tinyGraph(shape)), rows);
    expect(farthest(actual, expected)).toBeLessThan(tolerance);
    expect(Math.max(...expected.map((row) => Math.max(...row)))).toBeGreaterThan(1);
  });

  it('in as many chunks as its prompt needs', async () => {
    await opened(tinyModel(), async (model) => {
      const whole = await model.sequence().decode(TOKENS);
      const parts = model.sequence();
      await parts.decode(TOKENS.slice(0, 100));
      expect(farthest([await parts.decode(TOKENS.slice(100))], [whole])).toBeLessThan(1e-5);
    });
  });

  it('until it is told to stop between two chunks', async () => {
    await opened(tinyModel(), async (model) => {
      const sequence = model.sequence();
      const abort = new AbortController();
      const decoding = sequence.decode(TOKENS, abort.signal, () =>
        abort.abort(new Error('enough')),
      );
      await expect(decoding).rejects.toThrow('enough');
      expect(sequence.length).toBe(256);
    });
  });

  it('for several sequences in turn', async () => {
    await opened(tinyModel(), async (model) => {
      const solo = await rows(model);
      const [one, other] = [model.sequence(), model.sequence()];
      await Promise.all([one.decode(TOKENS.slice(0, PROMPT)), other.decode([5, 6])]);
      const next = TOKENS[PROMPT]!;
      const [row] = await Promise.all([one.decode([next]), other.decode([7])]);
      expect(row).toEqual(solo[1]);
    });
  });

  it('from external data', async () => {
    const { model, data } = tinyGraph().encode({ file: 'model.onnx_data' });
    const folder = tinyModel(model);
    writeFileSync(join(folder, 'onnx/model.onnx_data'), data);
    const expected = await opened(tinyModel(), rows);
    await opened(folder, async (external) => {
      expect(external.info.bytes).toBe(model.length + data.length);
      expect(farthest(await rows(external), expected)).toBe(0);
    });
  });

  it.each(['model.onnx', 'onnx/decoder_model_merged.onnx'])('from %s', async (file) => {
    await opened(tinyModel(tinyGraph(), { file }), async (model) => {
      expect(model.info.file.endsWith(file)).toBe(true);
      expect(await rows(model)).toHaveLength(TOKENS.length - PROMPT + 1);
    });
  });

  it('from the file of the dtype asked for, else the most exact', async () => {
    const folder = tinyModel(tinyGraph());
    writeFileSync(
      join(folder, 'onnx/model_q4.onnx'),
      tinyGraph({ storage: 'int8' }).encode().model,
    );
    const q4 = await opened(
      folder,
      async (model) => [model.info, await rows(model)] as const,
      'q4',
    );
    const best = await opened(folder, async (model) => [model.info, await rows(model)] as const);
    expect(q4[0]).toMatchObject({ dtype: 'q4', file: join(folder, 'onnx/model_q4.onnx') });
    expect(best[0]).toMatchObject({ dtype: 'fp32', file: join(folder, 'onnx/model.onnx') });
    expect(farthest(q4[1], best[1])).toBeGreaterThan(0);
  });

  it('with a vocabulary from its config where the graph does not say', async () => {
    const graph = tinyGraph({ says: false });
    await opened(tinyModel(graph, { config: { vocab_size: 2048 } }), async ({ info }) => {
      expect(info.vocabularySize).toBe(2048);
    });
    await expect(LocalModel.open(tinyModel(graph))).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
      message: expect.stringContaining('vocab_size'),
    });
    await opened(tinyModel(tinyGraph(), { config: { vocab_size: 5 } }), async ({ info }) => {
      expect(info.vocabularySize).toBe(2048);
    });
  });
});

describe('a decoder is refused', () => {
  it.each<[string, Shape]>([
    ['that wants "pixel_values"', { extra: 'pixel_values' }],
    ['that gives no "logits"', { without: 'logits' }],
    [
      'that takes "past_key_values.0.key" but gives no "present.0.key"',
      { without: 'present.0.key' },
    ],
  ])('%s', async (what, shape) => {
    const names = what.match(/"[^"]+"/g)!;
    const error = await loadModel(tinyModel(tinyGraph(shape))).catch((cause) => cause);
    expect(error).toMatchObject({ name: 'KelvinError', code: 'MODEL_UNSUPPORTED' });
    for (const name of names) expect(error.message).toContain(name);
    expect(error.message).toContain('model.onnx');
  });

  it.each<[string, (g: Graph) => void]>([
    ['its input "input_ids" is not int64', (g) => g.input('input_ids', 'int32', ['batch', 'n'])],
    [
      'its "logits" are int64',
      (g) => g.output(g.input('input_ids', 'int64', ['batch', 'n']), 'logits', 'int64', ['b', 'n']),
    ],
    ['it takes no "input_ids"', (g) => g.input('attention_mask', 'int64', ['batch', 'n'])],
  ])('when %s', async (what, build) => {
    const g = new Graph('odd');
    build(g);
    if (!what.includes('logits'))
      g.output(
        g.constant('row', 'float32', [1, 1, 4], new Float32Array(4)),
        'logits',
        'float32',
        [1, 1, 4],
      );
    await expect(LocalModel.open(tinyModel(g))).rejects.toMatchObject({
      name: 'KelvinError',
      code: 'MODEL_UNSUPPORTED',
      message: expect.stringContaining(what),
    });
  });
});

describe('a decoder that fails while it runs', () => {
  it('ends that text with an error that names its file, and no other', async () => {
    // Its graph has fewer places than its config says.
    const folder = tinyModel(tinyGraph(), { config: { max_position_embeddings: 1000 } });
    const model = await loadModel(folder);
    try {
      await expect(generate(model, Array(700).fill(5)).result()).rejects.toMatchObject({
        name: 'KelvinError',
        code: 'MODEL_FILE',
        message: expect.stringContaining(join(folder, 'onnx/model.onnx')),
      });
      expect(await generate(model, [5], { maxTokens: 2 }).result()).toMatchObject({ tokens: 2 });
    } finally {
      await model.dispose();
    }
  });
});
