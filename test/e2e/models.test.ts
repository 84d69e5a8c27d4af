import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { embedded, emptyFolder, modelCopy } from './folders.ts';
import { kelvin } from './kelvin.ts';

describe.concurrent('models list', () => {
  it('tells the embedded model', async () => {
    const { code, stdout, stderr } = await kelvin(['models', 'list']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [head, ...rows] = stdout.trimEnd().split('\n');
    expect(head).toMatch(/^NAME +ARCHITECTURE +FORMATS +FOLDER$/);
    expect(rows.join('\n')).toMatch(/^kelvin-story +llama +fp32 \d+\.\d MB +\S+kelvin-story$/m);
  });

  it('tells it as JSON, one object per line', async () => {
    const { code, stdout } = await kelvin(['models', 'list', '--json']);
    expect(code).toBe(0);
    const models = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(models).toContainEqual({
      name: 'kelvin-story',
      architecture: 'llama',
      formats: [{ dtype: 'fp32', bytes: expect.any(Number) }],
      path: embedded,
    });
  });

  it('tells the models inside a folder, and what is no model is none', async () => {
    const folder = emptyFolder();
    const model = join(folder, 'mine');
    cpSync(embedded, model, { recursive: true });
    mkdirSync(join(folder, 'empty'));
    const [one, none, missing] = await Promise.all([
      kelvin(['models', 'list', folder, '--json']),
      kelvin(['models', 'list', emptyFolder(), '--json']),
      kelvin(['models', 'list', '/no/such/folder']),
    ]);
    expect(JSON.parse(one.stdout)).toMatchObject({ name: 'mine', path: model });
    expect(none).toMatchObject({ code: 0, stdout: '' });
    expect(missing).toMatchObject({ code: 1, stdout: '' });
    expect(missing.stderr).toBe('kelvin: /no/such/folder: no such folder\n');
  });
});

describe.concurrent('a broken folder', () => {
  it('does not hide its neighbours, and is named', async () => {
    const folder = emptyFolder();
    cpSync(embedded, join(folder, 'good'), { recursive: true });
    mkdirSync(join(folder, 'bad'));
    writeFileSync(join(folder, 'bad', 'config.json'), '{}');
    const { code, stdout, stderr } = await kelvin(['models', 'list', folder, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ name: 'good' });
    expect({ code, lines: stderr.split('\n').length }).toEqual({ code: 1, lines: 2 });
    expect(stderr).toContain(join(folder, 'bad', 'onnx', 'model.onnx'));
  });
});

describe.concurrent('models info', () => {
  it('tells what the model asks for in vain', async () => {
    const folder = modelCopy();
    const wishes = { typical_p: 0.9, num_beams: 4, diversity_penalty: 0.5, top_k: null };
    writeFileSync(join(folder, 'generation_config.json'), JSON.stringify(wishes));
    const { stdout } = await kelvin(['models', 'info', folder]);
    expect(stdout).toMatch(/^unsupported +num_beams, diversity_penalty$/m);
  });

  it('tells of ids that are no tokens', async () => {
    const folder = modelCopy();
    const path = join(folder, 'tokenizer.json');
    const tokenizer = JSON.parse(readFileSync(path, 'utf8'));
    const { vocab, merges } = tokenizer.model;
    const [last] = Object.entries(vocab).find(([, id]) => id === 2047)!;
    delete vocab[last];
    tokenizer.model.merges = merges.filter(
      (merge: string | string[]) => [merge].flat().join('').replace(' ', '') !== last,
    );
    writeFileSync(path, JSON.stringify(tokenizer));
    const { stdout } = await kelvin(['models', 'info', folder]);
    expect(stdout).toMatch(
      /^vocabulary +2047 tokens of 2048 ids; those without a token are never drawn$/m,
    );
  });

  it('tells what the embedded model is, wants and gives', async () => {
    const { code, stdout, stderr } = await kelvin(['models', 'info']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const line of [
      /^name +kelvin-story$/m,
      /^vocabulary +2048 tokens$/m,
      /^context +512 tokens$/m,
      /^end tokens +0$/m,
      /^asks for +\{.*"temperature":0\.7.*\}$/m,
      /^ {2}head +only the tokens asked for$/m,
      /^ {2}input_ids +int64 \[.*\]$/m,
      /^ {2}logits +float32 \[.*, 2048\]$/m,
    ]) {
      expect(stdout).toMatch(line);
    }
  });

  it('tells it of a folder as JSON', async () => {
    const folder = modelCopy();
    const { code, stdout } = await kelvin(['models', 'info', folder, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      path: folder,
      file: join(folder, 'onnx/model.onnx'),
      dtype: 'fp32',
      vocabularySize: 2048,
      contextLength: 512,
      endTokens: [0],
      generation: { temperature: 0.7 },
    });
  });
});
