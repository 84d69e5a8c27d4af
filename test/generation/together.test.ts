// Several texts at once on one model, and one after another: none may show in another.
import { type GenerateOptions, generate, loadModel, type Model } from 'kelvin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { variant } from '../model/variant.ts';

const prompts = ['Once upon a time', 'One day, a fox', 'Tom had a red ball.', 'The', ''];
const optionsOf = (i: number): GenerateOptions => ({
  seed: i,
  temperature: 0.5 + (i % 4) / 4,
  maxTokens: 8 + ((i * 13) % 40),
  ...(i % 3 === 0 ? { repetitionPenalty: 1.2 } : { topP: 0.9 }),
  top: i % 2,
});
const promptOf = (i: number) => prompts[i % prompts.length]!;

let model: Model;
beforeAll(async () => {
  model = await loadModel();
});
afterAll(() => model.dispose());

/** What a text is by, leaving out what may differ: how long it took and what was still known. */
async function outcome(model: Model, i: number, begun?: () => void) {
  const generation = generate(model, promptOf(i), optionsOf(i));
  for await (const { index } of generation) if (index === 3) begun?.();
  const { text, tokens, finishReason } = await generation.result();
  return { text, tokens, finishReason };
}

it('texts written at once are as they are alone, whenever they come and go', async () => {
  const count = 24;
  const alone: object[] = [];
  for (let i = 0; i < count; i++) alone.push(await outcome(model, i));

  const together: Promise<object>[] = [];
  // Each begins when the one before it is a few tokens in; two at a time.
  const chain = async (first: number) => {
    for (let i = first; i < count; i += 2)
      await new Promise<void>((begun) => {
        together[i] = outcome(model, i, begun);
        void together[i]!.finally(begun);
      });
  };
  await Promise.all([chain(0), chain(1)]);
  expect(await Promise.all(together)).toEqual(alone);
});

it('one that is left or aborted takes nothing from the others', async () => {
  const alone = await outcome(model, 5);
  const others = Array.from({ length: 6 }, async (_, i) => {
    const abort = new AbortController();
    const options = { ...optionsOf(i), maxTokens: 60, signal: abort.signal };
    for await (const { index } of generate(model, promptOf(i), options)) {
      if (index === 4 + i && i % 2 === 0) break;
      if (index === 4 + i) abort.abort();
    }
  });
  expect(await outcome(model, 5)).toEqual(alone);
  await Promise.all(others);
  expect(await outcome(model, 5)).toEqual(alone);
});

describe('a prompt that goes on from an earlier text', () => {
  const turn = { maxTokens: 20, seed: 3, temperature: 0.7 };

  it('is read from where they part', async () => {
    const fresh = await loadModel();
    const first = await generate(fresh, 'Once upon a time', turn).result();
    expect(first.reusedTokens).toBe(0);
    const story = `Once upon a time${first.text} And then`;
    const second = await generate(fresh, story, turn).result();
    expect(second.reusedTokens).toBeGreaterThan(15);
    expect(second.reusedTokens).toBeLessThan(second.promptTokens);

    const cold = await loadModel();
    const unremembered = await generate(cold, story, turn).result();
    expect(unremembered.reusedTokens).toBe(0);
    expect(unremembered.text).toBe(second.text);
    await Promise.all([fresh.dispose(), cold.dispose()]);
  });

  it('never shares what another is writing on', async () => {
    const fresh = await loadModel();
    const ask = () => generate(fresh, 'Once upon a time', turn).result();
    const texts = await Promise.all([ask(), ask(), ask()]);
    expect(new Set(texts.map(({ text }) => text)).size).toBe(1);
    await fresh.dispose();
  });
});

describe('progress', () => {
  it('tells which parts of a model are there', async () => {
    const parts: string[] = [];
    const loaded = await loadModel(undefined, { progress: (part) => parts.push(part) });
    expect(parts[0]).toBe('files');
    expect(parts.toSorted()).toEqual(['files', 'graph', 'tokenizer']);
    await loaded.dispose();
  });

  it('tells how far a prompt has been read', async () => {
    const told: [number, number][] = [];
    const progress = (read: number, total: number) => told.push([read, total]);
    const prompt = Array.from({ length: 400 }, (_, i) => 300 + (i % 50));
    const written: number[] = [];
    for await (const { token } of generate(model, prompt, { maxTokens: 3, progress }))
      written.push(token);
    expect(told).toEqual([
      [256, 400],
      [400, 400],
    ]);
    told.length = 0;
    const next = [...prompt, ...written.slice(0, 2), 5];
    const { reusedTokens } = await generate(model, next, { maxTokens: 1, progress }).result();
    expect([reusedTokens, told]).toEqual([402, [[403, 403]]]);
  });

  it('that throws ends what it is about, and nothing else', async () => {
    const progress = () => {
      throw new Error('enough');
    };
    await expect(loadModel(undefined, { progress })).rejects.toThrow('enough');
    await expect(generate(model, 'Once', { progress }).result()).rejects.toThrow('enough');
    expect(await generate(model, 'Once', { maxTokens: 2 }).result()).toMatchObject({ tokens: 2 });
  });

  it.each([[1], ['yes'], [{}]])('%o is refused', async (progress) => {
    const words = 'progress must be a function';
    await expect(loadModel(undefined, { progress: progress as never })).rejects.toThrow(words);
    expect(() => generate(model, '', { progress: progress as never })).toThrow(words);
  });
});

it('two models write at once, each its own', async () => {
  const other = await loadModel(variant({ 'generation_config.json': {} }));
  const alone = [await outcome(model, 1), await outcome(other, 2)];
  expect(await Promise.all([outcome(model, 1), outcome(other, 2)])).toEqual(alone);
  await other.dispose();
});

// Half a second each where nobody else computes, and three where others do.
it('fifty models loaded and disposed of leave no memory taken', async () => {
  const cycle = async () => {
    const one = await loadModel();
    await generate(one, 'Once', { maxTokens: 2 }).result();
    await one.dispose();
  };
  for (let i = 0; i < 10; i++) await cycle();
  const before = process.memoryUsage.rss();
  for (let i = 0; i < 40; i++) await cycle();
  // One of them takes 50 MB and more.
  expect(process.memoryUsage.rss() - before).toBeLessThan(60e6);
}, 400_000);
