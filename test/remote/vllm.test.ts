import { generate, loadModel, type Model, type SamplingOptions } from 'kelvin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fakeVllm } from './fake-vllm.ts';
import { all, type Fake, type Served, serve } from './served.ts';

let served: Served;
let fake: Fake;
let here: Model;
let there: Model;
beforeAll(async () => {
  served = await serve();
  fake = await fakeVllm(served);
  here = await loadModel();
  there = await loadModel(fake.url);
});
afterAll(async () => {
  await there.dispose();
  await here.dispose();
  await fake.close();
  await served.model.dispose();
});

const PROMPT = 'Once upon a time';
const written = (model: Model, options: SamplingOptions) =>
  all(generate(model, PROMPT, { temperature: 1, maxTokens: 12, ...options }));

describe('a model that vLLM runs, sampled here', () => {
  it('is known as far as vLLM tells, or says as it refuses', () => {
    expect(there.info).toMatchObject({
      ...{ name: 'story', vocabularySize: 2 ** 19, contextLength: 511, chat: false },
      ...{ beginToken: 0, endTokens: [0], generation: { top_k: 19 } },
      engine: { kind: 'vllm', candidates: 20, mostCandidates: 20, isVocabularyTold: false },
    });
  });

  it.each<[string, SamplingOptions]>([
    ['top-k', { topK: 19 }],
    ['hot', { topK: 10, temperature: 1.7, topP: 0.9 }],
    ['greedy', { temperature: 0 }],
  ])('writes the same tokens as the model itself: %s', async (_, options) => {
    for (const seed of [1, 2]) {
      const [a, b] = [
        await written(here, { ...options, seed }),
        await written(there, { ...options, seed }),
      ];
      expect(b.map(({ token, text }) => [token, text])).toEqual(
        a.map(({ token, text }) => [token, text]),
      );
      expect(b.every(({ exact }) => exact)).toBe(true);
    }
  });

  it('writes characters that are spread over several tokens, though it tells of texts alone', async () => {
    const [, ...tokens] = await here.encode('ü😀é');
    expect(tokens.length).toBeGreaterThan(6);
    expect(await there.decode(tokens)).toBe('ü😀é');
    const engine = await fakeVllm(served, 2048);
    const model = await loadModel(engine.url, { candidates: 2048 });
    const texts = await Promise.all(
      [here, model].map(async (one) => {
        let text = '';
        for (const [i, token] of tokens.entries()) {
          const options = { allowedTokens: [token], topK: 0, maxTokens: 1 };
          text += `${(await generate(one, [0, ...tokens.slice(0, i)], options).result()).text}|`;
        }
        return text;
      }),
    );
    expect(texts[1]).toBe(texts[0]);
    expect(texts[1]!.replaceAll(/[|\uFFFD]/g, '')).toBe('ü😀é');
    await model.dispose();
    await engine.close();
  });

  it('refuses more candidates than it tells of', async () => {
    await expect(loadModel(fake.url, { candidates: 21 })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('candidates must be an integer in [2, 20]'),
    });
    await expect(written(there, { topK: 20 })).rejects.toMatchObject({ code: 'NOT_EXACT' });
  });
});

describe('a model that vLLM runs and samples', () => {
  it('is told the options in its own words, and its text is what it draws', async () => {
    const model = await loadModel(fake.url, { sampledBy: 'engine' });
    const options = { topK: 30, topP: 0.9, minP: 0.01, temperature: 0.8, seed: 11 };
    const generation = generate(model, PROMPT, { ...options, maxTokens: 8, top: 3 });
    const steps = await all(generation);
    const summary = await generation.result();
    expect(fake.asked.at(-1)?.path).toBe('/detokenize');
    const { body } = fake.asked.findLast(({ path }) => path === '/v1/completions')!;
    expect(body).toMatchObject({
      ...{ top_k: 30, top_p: 0.9, min_p: 0.01, temperature: 0.8, seed: 11 },
      ...{ max_tokens: 8, logprobs: 3, stream: true, repetition_penalty: 1 },
    });
    const own = await written(here, { ...options, maxTokens: 8 } as SamplingOptions);
    expect(steps.map(({ token }) => token)).toEqual(own.map(({ token }) => token));
    expect(summary).toMatchObject({ sampledBy: 'engine', finishReason: 'length', seed: 11 });
    expect(summary.text).toBe(own.map(({ text }) => text).join(''));
    expect(steps[0]!.top!.map(({ token }) => token)).toHaveLength(3);
    expect(steps[0]!.logprob).toBeCloseTo(own[0]!.logprob, 4);
    expect(steps[0]!.shapedLogprob).toBeNaN();
    await model.dispose();
  });

  it('is not told what it has no name for', async () => {
    const model = await loadModel(fake.url, { sampledBy: 'engine' });
    const before = fake.asked.length;
    await expect(written(model, { typicalP: 0.9 })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: 'typicalP must be absent where the engine samples: vllm has no name for it, got 0.9',
    });
    const completions = fake.asked.slice(before).filter(({ path }) => path === '/v1/completions');
    expect(completions).toEqual([]);
    await model.dispose();
  });
});
