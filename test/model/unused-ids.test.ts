// Heads that are wider than their tokenizer: what they say of ids without a token reaches nobody.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explore, generate, loadModel, type Model, type Step } from 'kelvin';
import { logSoftmax } from 'kelvin/sampling';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalModel } from '../../src/model/local-model.ts';
import { type Shape, tinyGraph, tinyModel } from './tiny.ts';

/** A token in the middle that no merge is made of, and rows that fill up the head. */
const HOLE = 1500;
const UNUSED = [HOLE, ...Array.from({ length: 52 }, (_, i) => 2048 + i)];

/** A model that would write hardly anything but ids without a token. */
function padded(shape: Shape = {}, config: object = {}): string {
  const graph = tinyGraph({ vocabulary: 2100, loud: [HOLE, 2048, 2099], ...shape });
  const folder = tinyModel(graph, { config });
  const path = join(folder, 'tokenizer.json');
  const tokenizer = JSON.parse(readFileSync(path, 'utf8'));
  const { vocab, merges } = tokenizer.model as {
    vocab: Record<string, number>;
    merges: (string | [string, string])[];
  };
  const [hole] = Object.entries(vocab).find(([, id]) => id === HOLE)!;
  delete vocab[hole];
  const parts = (merge: string | [string, string]) =>
    typeof merge === 'string' ? merge.split(' ') : merge;
  tokenizer.model.merges = merges.filter(
    (merge) => parts(merge).join('') !== hole && !parts(merge).includes(hole),
  );
  writeFileSync(path, JSON.stringify(tokenizer));
  return folder;
}

async function steps(model: Model, options: object): Promise<Step[]> {
  const all: Step[] = [];
  for await (const step of generate(model, 'Once', { seed: 5, maxTokens: 12, ...options }))
    all.push(step);
  return all;
}

describe.each<[string, Shape]>([
  ['of which only new rows are read', {}],
  ['in half precision', { logits: 'float16' }],
  ['that reads every text anew', { cache: 'none' }],
])('a head wider than its tokenizer, %s', (_, shape) => {
  let model: Model;
  beforeAll(async () => {
    model = await loadModel(padded(shape));
  });
  afterAll(() => model.dispose());
  const endless = { bannedTokens: [0] };

  it('draws no id without a token, nor keeps one, nor tells one', async () => {
    expect(model.info).toMatchObject({
      vocabularySize: 2100,
      unusedIds: [
        [HOLE, HOLE + 1],
        [2048, 2100],
      ],
    });
    for (const temperature of [0, 1, 5, Infinity]) {
      const all = await steps(model, { ...endless, temperature, top: 2100, rawTop: 40 });
      expect(all).toHaveLength(12);
      for (const { token, top, rawTop, logprob } of all) {
        expect(UNUSED).not.toContain(token);
        expect(logprob).toBeGreaterThan(-20);
        expect(rawTop!.filter((candidate) => UNUSED.includes(candidate.token))).toEqual([]);
        const unused = top!.filter((candidate) => UNUSED.includes(candidate.token));
        expect(unused.every(({ raw, shaped }) => raw === 0 && shaped === 0)).toBe(true);
        expect(unused.every(({ cutBy }) => cutBy === 'model')).toBe(true);
      }
    }
  });

  it('keeps them out whatever is added to their logits', async () => {
    const logitBias = Object.fromEntries(UNUSED.map((id) => [id, 100]));
    const [{ token }] = (await steps(model, { ...endless, logitBias, maxTokens: 1 })) as [Step];
    expect(UNUSED).not.toContain(token);
    const only = generate(model, 'Once', { allowedTokens: UNUSED });
    await expect(only.result()).rejects.toThrow('allowedTokens: every token is banned');
  });

  it('draws none where several texts share a run', async () => {
    const seeds = [1, 2, 3, 4];
    const together = await Promise.all(seeds.map((seed) => steps(model, { ...endless, seed })));
    expect(together.flat().filter(({ token }) => UNUSED.includes(token))).toEqual([]);
  });

  it('shows none to whoever explores', async () => {
    const exploration = explore(model, 'Once', { seed: 5 }, () => {});
    const view = await exploration.look(0, 40);
    exploration.close();
    const seen = [...view.candidates, ...view.edges, { token: view.drawn }];
    expect(seen.filter(({ token }) => UNUSED.includes(token))).toEqual([]);
    expect(view.kept).toBeLessThanOrEqual(2100 - UNUSED.length);
  });

  it('counts none among the chances of a text that is read', async () => {
    const text = [5, 300, 301, 302];
    const reads = [];
    for await (const { logprob } of model.score(text)) reads.push(logprob);
    const local = await LocalModel.open(model.info.path);
    const rows: Float32Array[] = [];
    for await (const row of local.lonelySequence().decodeEach(text.slice(0, -1)))
      rows.push(row.filter((_, id) => !UNUSED.includes(id)));
    await local.dispose();
    const place = (id: number) => id - UNUSED.filter((unused) => unused < id).length;
    const expected = rows.map((row, i) => logSoftmax(row)[place(text[i + 1]!)]!);
    reads.slice(1).forEach((logprob, i) => {
      expect(logprob).toBeCloseTo(expected[i]!, 6);
    });
    expect((await model.calibrate(text)).before.loss).toBeLessThan(20);
  });

  it('still takes them in a prompt, and says nothing of them', async () => {
    expect(await model.decode([300, 2099, 301])).toBe(await model.decode([300, 301]));
    const after = (prompt: number[]) => generate(model, prompt, { maxTokens: 2, seed: 5 }).result();
    expect(await after([300, 2099])).toMatchObject({ promptTokens: 2, tokens: 2 });
  });
});

it('leaves an end token, though the tokenizer has none of that id', async () => {
  const model = await loadModel(padded({ loud: [2099] }, { eos_token_id: [0, 2099] }));
  expect(model.info.unusedIds).toEqual([
    [HOLE, HOLE + 1],
    [2048, 2099],
  ]);
  const { finishReason, tokens } = await generate(model, 'Once').result();
  expect({ finishReason, tokens }).toEqual({ finishReason: 'end', tokens: 1 });
  await model.dispose();
});

it('has none where every id is a token', async () => {
  const model = await loadModel();
  expect(model.info.unusedIds).toEqual([]);
  await model.dispose();
});
