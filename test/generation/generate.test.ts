import { readFileSync } from 'node:fs';
import { generate, loadModel, type Model, type Step } from 'kelvin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { story } from '../model/folders.ts';
import { variant } from '../model/variant.ts';

const PROMPT = 'Once upon a time';
let model: Model;
beforeAll(async () => {
  model = await loadModel();
});
afterAll(() => model.dispose());

async function steps(generation: AsyncIterable<Step>): Promise<Step[]> {
  const all: Step[] = [];
  for await (const step of generation) all.push(step);
  return all;
}

/** The text that tokens add to a prompt, decoded at once. */
async function decoded(of: Model, prompt: string, tokens: readonly number[]): Promise<string> {
  const before = await of.encode(prompt);
  const whole = await of.decode([...before, ...tokens]);
  return whole.slice((await of.decode(before)).length);
}

describe('a text ends', () => {
  it('with the end token, which is not part of it', async () => {
    const [end] = model.info.endTokens;
    const all = generate(model, PROMPT, { logitBias: { [end!]: 100 }, maxTokens: 9 });
    expect((await steps(all)).map(({ token, text }) => ({ token, text }))).toEqual([
      { token: end, text: '' },
    ]);
    expect(await all.result()).toMatchObject({ finishReason: 'end', text: '', tokens: 1 });
  });

  it('with an end token that the caller names, and then with no other', async () => {
    const named = await generate(model, PROMPT, {
      logitBias: { 11: 100 },
      endTokens: [11],
    }).result();
    expect(named).toMatchObject({ finishReason: 'end', text: '', tokens: 1 });
    const none = { logitBias: { 0: 100 }, endTokens: [], maxTokens: 3 };
    expect(await generate(model, PROMPT, none).result()).toMatchObject({
      finishReason: 'length',
      tokens: 3,
    });
  });

  it('with any of several end tokens, even one that has a text', async () => {
    const folder = variant({ 'generation_config.json': { eos_token_id: [0, 11] } });
    const several = await loadModel(folder);
    try {
      expect(several.info.endTokens).toEqual([0, 11]);
      expect(await several.decode([11])).not.toBe('');
      for (const end of [0, 11]) {
        const summary = await generate(several, PROMPT, { logitBias: { [end]: 100 } }).result();
        expect(summary).toMatchObject({ finishReason: 'end', text: '', tokens: 1 });
      }
    } finally {
      await several.dispose();
    }
  });

  it('with a stop string across tokens, of which nothing is shown', async () => {
    const whole = await generate(model, PROMPT, { seed: 1, maxTokens: 60 }).result();
    const stop = whole.text.slice(33, 45);
    expect(await model.encode(stop)).not.toHaveLength(1);
    const all = generate(model, PROMPT, { seed: 1, maxTokens: 60, stop: ['never this', stop] });
    const texts = (await steps(all)).map(({ text }) => text);
    const summary = await all.result();
    expect(summary).toMatchObject({ finishReason: 'stop', stop });
    expect(summary.text).toBe(whole.text.slice(0, whole.text.indexOf(stop)));
    expect(texts.join('')).toBe(summary.text);
  });

  it('at the token limit, with what a stop string held back', async () => {
    const whole = await generate(model, PROMPT, { seed: 1, maxTokens: 20 }).result();
    const stop = `${whole.text.slice(-4)}!?`;
    const all = generate(model, PROMPT, { seed: 1, maxTokens: 20, stop });
    const texts = (await steps(all)).map(({ text }) => text);
    expect(texts.join('')).toBe(whole.text);
    expect(await all.result()).toMatchObject({ finishReason: 'length', tokens: 20 });
  });

  it('before it begins, when no token may be written', async () => {
    const all = generate(model, PROMPT, { maxTokens: 0 });
    expect(await steps(all)).toEqual([]);
    expect(await all.result()).toMatchObject({ finishReason: 'length', tokens: 0, text: '' });
  });

  it('when the context is full', async () => {
    const context = model.info.contextLength!;
    const prompt = Array.from({ length: context - 2 }, (_, i) => 300 + (i % 50));
    const summary = await generate(model, prompt, { logitBias: { 0: -100 } }).result();
    expect(summary).toMatchObject({ finishReason: 'context', tokens: 3 });
  });
});

describe('the text', () => {
  it.each([0, 1, 2, 3])('is what its tokens decode to, seed %i', async (seed) => {
    const all = generate(model, PROMPT, { seed, temperature: 3, maxTokens: 80 });
    const written = await steps(all);
    const summary = await all.result();
    const tokens = written.map(({ token }) => token);
    expect(written.map(({ text }) => text).join('')).toBe(summary.text);
    expect(summary.text).toBe(await decoded(model, PROMPT, tokens));
    expect(summary.tokens).toBe(written.length);
    expect(written.map(({ index }) => index)).toEqual([...written.keys()]);
  });

  it('ends in U+FFFD where its last character is not complete', async () => {
    const texts = await Promise.all(Array.from({ length: 260 }, (_, id) => model.decode([id])));
    const half = texts.indexOf('\uFFFD');
    const options = { logitBias: { [half]: 100 }, maxTokens: 1 };
    const { text } = await generate(model, PROMPT, options).result();
    expect(text).toBe('\uFFFD');
  });

  it('is the same for the same seed and another for another', async () => {
    const text = async (seed: number) =>
      (await generate(model, PROMPT, { seed, maxTokens: 30 }).result()).text;
    expect(await text(7)).toBe(await text(7));
    expect(await text(7)).not.toBe(await text(8));
  });

  it('has a seed of its own where none is given, which repeats it', async () => {
    const once = await generate(model, PROMPT, { maxTokens: 30 }).result();
    const other = await generate(model, PROMPT, { maxTokens: 30 }).result();
    const again = await generate(model, PROMPT, { maxTokens: 30, seed: once.seed }).result();
    expect(other.seed).not.toBe(once.seed);
    expect(again.text).toBe(once.text);
    expect(once.settings.seed).toEqual({ value: once.seed, origin: 'built-in' });
  });

  it('tells of each step what it was drawn from', async () => {
    const [first] = await steps(
      generate(model, PROMPT, { seed: 1, maxTokens: 1, top: 5, topK: 3, temperature: 0.5 }),
    );
    const { top, token, logprob, shapedLogprob, entropy, choices, rank } = first!;
    expect(top).toHaveLength(5);
    expect(top!.map(({ raw }) => raw)).toEqual(top!.map(({ raw }) => raw).sort((a, b) => b - a));
    expect(top!.slice(3).map(({ shaped, cutBy }) => ({ shaped, cutBy }))).toEqual(
      Array(2).fill({ shaped: 0, cutBy: 'topK' }),
    );
    const chosen = top!.find((candidate) => candidate.token === token)!;
    expect(Math.exp(logprob)).toBeCloseTo(chosen.raw, 12);
    expect(Math.exp(shapedLogprob)).toBeCloseTo(chosen.shaped, 12);
    expect(rank).toBe(1 + top!.indexOf(chosen));
    expect(choices).toBeCloseTo(Math.exp(entropy), 12);
    expect(chosen.text).toBe(await decoded(model, PROMPT, [token]));
  });
});

describe('the prompt', () => {
  it('means the same as text and as tokens', async () => {
    const tokens = await model.encode(PROMPT);
    const text = await generate(model, PROMPT, { seed: 5, maxTokens: 20 }).result();
    const ids = await generate(model, tokens, { seed: 5, maxTokens: 20 }).result();
    expect(ids.text).toBe(text.text);
    expect(ids.promptTokens).toBe(tokens.length);
  });

  it('begins with the token this model was trained to begin with, and only one', async () => {
    const begin = model.info.beginToken!;
    expect(await model.encode('')).toEqual([begin]);
    expect((await model.encode(PROMPT)).indexOf(begin)).toBe(0);
    expect((await model.encode(PROMPT)).lastIndexOf(begin)).toBe(0);
  });

  it('gets no begin token where the tokenizer asks for none, unless it is empty', async () => {
    const tokenizer = JSON.parse(readFileSync(`${story}/tokenizer.json`, 'utf8'));
    tokenizer.post_processor = null;
    const plain = await loadModel(variant({ 'tokenizer.json': tokenizer }));
    try {
      expect(await plain.encode('')).toEqual([]);
      expect(await plain.encode(PROMPT)).toEqual((await model.encode(PROMPT)).slice(1));
      const summary = await generate(plain, '', { seed: 1, maxTokens: 5 }).result();
      expect(summary.promptTokens).toBe(1);
      expect(summary.text).toBe(
        (await generate(model, [plain.info.beginToken!], { seed: 1, maxTokens: 5 }).result()).text,
      );
    } finally {
      await plain.dispose();
    }
  });

  it('counts as history', async () => {
    const first = async (prompt: number[]) => {
      const options = { logitBias: { 300: 100 }, presencePenalty: 200, temperature: 0 };
      return (await generate(model, prompt, options).next()).value?.token;
    };
    expect(await first([400, 500])).toBe(300);
    expect(await first([300, 500])).not.toBe(300);
  });

  it('may be empty: a new text then begins', async () => {
    const empty = await generate(model, '', { seed: 1, maxTokens: 10 }).result();
    const none = await generate(model, [], { seed: 1, maxTokens: 10 }).result();
    expect(empty).toMatchObject({ promptTokens: 1, tokens: 10 });
    expect(none.text).toBe(empty.text);
  });

  it.each([[-1], [2048], [0.5], [Number.NaN]])('must hold token ids: %d', (id) => {
    expect(() => generate(model, [1, id])).toThrow(
      expect.objectContaining({
        code: 'INVALID_TOKEN',
        message: expect.stringContaining(`${id} at index 1`),
      }),
    );
  });

  it('must fit the context, whose length the error tells', async () => {
    const context = model.info.contextLength!;
    await expect(generate(model, Array(context + 1).fill(5)).result()).rejects.toMatchObject({
      code: 'CONTEXT_LENGTH',
      message: expect.stringMatching(`${context}.*${context + 1}`),
    });
    const full = await generate(model, Array(context).fill(5), { maxTokens: 9 }).result();
    expect(full).toMatchObject({ finishReason: 'context', tokens: 1 });
  });
});
