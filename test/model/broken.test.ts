import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KelvinError, loadModel } from 'kelvin';
import { describe, expect, it } from 'vitest';
import { LocalModel } from '../../src/model/local-model.ts';
import { tinyGraph, tinyModel } from './tiny.ts';
import { temporary } from './variant.ts';

/** A sound model folder with one file replaced, or removed for null. */
function broken(file: string, content: string | Uint8Array | null): string {
  const folder = tinyModel();
  if (content === null) rmSync(join(folder, file));
  else writeFileSync(join(folder, file), content);
  return folder;
}

describe('a folder is refused by the name of its file', () => {
  it.each([
    ['onnx/model.onnx', null],
    ['onnx/model.onnx', ''],
    ['onnx/model.onnx', 'version https://git-lfs.github.com/spec/v1\n'],
    ['tokenizer.json', null],
    ['tokenizer.json', ''],
    ['tokenizer.json', '{"model": '],
    ['tokenizer.json', '{}'],
    ['tokenizer.json', 'null'],
    ['tokenizer_config.json', null],
    ['tokenizer_config.json', '{'],
    ['tokenizer_config.json', 'null'],
    ['config.json', ''],
    ['config.json', '{"vocab_size": 20'],
    ['config.json', '[]'],
    ['config.json', '{"vocab_size": "many"}'],
    ['config.json', '{"max_position_embeddings": 0}'],
    ['config.json', '{"eos_token_id": "</s>"}'],
    ['generation_config.json', 'nothing'],
    ['generation_config.json', '{"temperature": "hot"}'],
    ['generation_config.json', '{"temperature": -1}'],
    ['generation_config.json', '{"top_p": 2}'],
    ['generation_config.json', '{"eos_token_id": [0.5]}'],
  ])('%s: %j', async (file, content) => {
    const error = await loadModel(broken(file, content)).catch((cause) => cause);
    expect(error).toBeInstanceOf(KelvinError);
    expect(error).toMatchObject({ code: 'MODEL_FILE' });
    expect(error.message).toContain(file);
  });

  it.each(['tokenizer.json', 'tokenizer_config.json'])('in plain words: %s', async (file) => {
    const folder = broken(file, null);
    await expect(loadModel(folder)).rejects.toThrow(`${join(folder, file)}: no such file`);
  });

  it('with the field that is wrong', async () => {
    const folder = broken('config.json', '{"n_ctx": -5}');
    await expect(loadModel(folder)).rejects.toThrow(/config\.json: .*n_ctx/);
  });

  it('or by its own name where it is none', async () => {
    const notFound = { name: 'KelvinError', code: 'MODEL_NOT_FOUND' };
    const empty = temporary();
    await expect(loadModel(empty)).rejects.toMatchObject({
      ...notFound,
      message: expect.stringContaining(`${empty}: not a model folder: it has no config.json`),
    });
    await expect(loadModel('no-such-model')).rejects.toMatchObject({
      ...notFound,
      message: expect.stringContaining('"no-such-model"'),
    });
  });

  it('where its external data is missing or too short', async () => {
    const { model, data } = tinyGraph().encode({ file: 'model.onnx_data' });
    const folder = tinyModel(model);
    const refused = {
      name: 'KelvinError',
      code: 'MODEL_FILE',
      message: expect.stringContaining(join(folder, 'onnx/model.onnx')),
    };
    await expect(loadModel(folder)).rejects.toMatchObject(refused);
    writeFileSync(join(folder, 'onnx/model.onnx_data'), data.subarray(0, 4096));
    await expect(loadModel(folder)).rejects.toMatchObject(refused);
  });
});

describe('a damaged graph', () => {
  const sound = tinyGraph().encode().model;
  const prompt = [5, 6, 7];

  /** Whatever the damage, there are logits or a KelvinError that names the file. */
  async function survive(graph: Uint8Array): Promise<'refused' | 'runs'> {
    const folder = tinyModel(graph);
    try {
      const model = await LocalModel.open(folder);
      const row = await model.sequence().decode(prompt);
      expect(row.length).toBeGreaterThan(0);
      await model.dispose();
      return 'runs';
    } catch (error) {
      expect(error).toMatchObject({ name: 'KelvinError' });
      expect((error as Error).message).toContain('model.onnx');
      return 'refused';
    }
  }

  it('is refused when it is cut off', async () => {
    for (const part of [0.001, 0.1, 0.5, 0.9, 0.999]) {
      const graph = sound.subarray(0, Math.floor(sound.length * part));
      expect(await survive(graph)).toBe('refused');
    }
  });

  it('is refused, or runs, when bits are flipped', async () => {
    const outcomes: string[] = [];
    // The weights are most of the file: every place of the first two thousand bytes, which name
    // and join the operators, is worth more than a place among them.
    for (let at = 0; at < 2000; at += 23) {
      const graph = Uint8Array.from(sound);
      graph[at]! ^= 1 << (at % 8);
      outcomes.push(await survive(graph));
    }
    expect(new Set(outcomes)).toEqual(new Set(['refused', 'runs']));
  });

  it('leaves the process and other models at work', async () => {
    const bad = tinyModel(sound.subarray(0, 1000));
    await expect(loadModel(bad)).rejects.toBeInstanceOf(KelvinError);
    writeFileSync(join(bad, 'onnx/model.onnx'), readFileSync(join(tinyModel(), 'onnx/model.onnx')));
    const model = await loadModel(bad);
    expect(await model.encode('')).toEqual([0]);
    await model.dispose();
  });
});
