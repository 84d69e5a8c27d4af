import {
  generate,
  type LoadOptions,
  loadModel,
  type Model,
  type SamplingOptions,
  type Step,
} from 'kelvin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Watched } from '../generation/watched.ts';
import { chatModel } from '../model/chat-model.ts';
import { fakeLlama } from './fake-llama.ts';
import { all, type Fake, type Served, serve } from './served.ts';

const PROMPT = 'Once upon a time';

let served: Served;
let fake: Fake;
let here: Model;
let there: Model;
beforeAll(async () => {
  served = await serve();
  fake = await fakeLlama(served);
  here = await loadModel();
  there = await loadModel(`${fake.url}#story.gguf`);
});
afterAll(async () => {
  await there.dispose();
  await here.dispose();
  await fake.close();
  await served.model.dispose();
});

/** What is the same wherever a model runs. */
const told = ({ token, text }: Step) => ({ token, text });
const written = async (
  model: Model,
  options: SamplingOptions,
  prompt: string | number[] = PROMPT,
) => all(generate(model, prompt, { temperature: 1, maxTokens: 12, ...options }));

describe("a model that llama.cpp's server runs, sampled here", () => {
  it.each<[string, SamplingOptions]>([
    ['top-k', { topK: 40 }],
    ['top-k, hot', { topK: 200, temperature: 1.8 }],
    ['top-k, cold', { topK: 5, temperature: 0.3 }],
    ['greedy', { temperature: 0 }],
    ['min-p', { topK: 0, minP: 0.05, temperature: 1.3 }],
    ['filters behind top-k', { topK: 100, topP: 0.9, typicalP: 0.95, xtc: { probability: 0.5 } }],
    ['top-k last but one', { topK: 30, temperature: 1.4, order: 'temperature-last' }],
    ['penalties', { topK: 20, presencePenalty: 0.5, frequencyPenalty: 0.2 }],
    ['bans', { topK: 20, bannedTokens: [259, 300], logitBias: { 280: 2 }, noRepeatNgramSize: 2 }],
  ])('writes the same tokens as the model itself: %s', async (_, options) => {
    for (const seed of [1, 2]) {
      const [a, b] = [
        await written(here, { ...options, seed }),
        await written(there, { ...options, seed }),
      ];
      expect(b.map(told)).toEqual(a.map(told));
      for (const [i, { logprob, shapedLogprob, entropy, exact, tail }] of b.entries()) {
        expect(exact).toBe(true);
        expect(tail).toBeGreaterThanOrEqual(0);
        expect(logprob).toBeCloseTo(a[i]!.logprob, 4);
        expect(shapedLogprob).toBeCloseTo(a[i]!.shapedLogprob, 4);
        expect(entropy).toBeCloseTo(a[i]!.entropy, 4);
      }
    }
  });

  it('writes characters that are spread over several tokens', async () => {
    // Bytes that only make a character together.
    const [, ...tokens] = await here.encode('ü😀');
    expect(tokens.length).toBeGreaterThan(4);
    const model = await loadModel(fake.url, { candidates: 2048 });
    const options = { allowedTokens: tokens, noRepeatNgramSize: 2, seed: 5, topK: 0 };
    for (const seed of [1]) {
      const [a, b] = [
        await written(here, { ...options, seed }),
        await written(model, { ...options, seed }),
      ];
      expect(b.map(told)).toEqual(a.map(told));
      expect(b.every(({ exact }) => exact)).toBe(true);
    }
    await model.dispose();
    expect(await there.decode(tokens)).toBe('ü😀');
  });

  it('has settings of its own that are exact, and tells of them', async () => {
    const generation = generate(there, PROMPT, { maxTokens: 5, seed: 1 });
    const { settings, exactSteps, sampledBy } = await generation.result();
    expect(settings.topK).toEqual({ value: 40, origin: 'model' });
    expect({ exactSteps, sampledBy }).toEqual({ exactSteps: 5, sampledBy: 'kelvin' });
    expect(there.info.engine).toMatchObject({ kind: 'llama.cpp', candidates: 256 });
    expect(there.info).toMatchObject({ vocabularySize: 2048, contextLength: 511, endTokens: [0] });
  });

  it('refuses what cannot be exact, and says what would be', async () => {
    const message = async (options: SamplingOptions) =>
      written(there, options).then(
        () => 'written',
        ({ code, message }) => `${code} ${message}`,
      );
    expect(await message({ topK: 0 })).toMatch(
      /^NOT_EXACT topK must be in \[1, 255\] for exact sampling, as the engine tells of 256 tokens/,
    );
    expect(await message({ topK: 256 })).toMatch(/^NOT_EXACT topK cannot be exact here/);
    expect(await message({ topNSigma: 1 })).toMatch(/^NOT_EXACT topNSigma cannot be exact here/);
    expect(await message({ repetitionPenalty: 1.1 })).toMatch(
      /^NOT_EXACT repetitionPenalty must be 1/,
    );
    expect(await message({ mirostat: { version: 2 } })).toMatch(
      /^INVALID_OPTION .* beside an engine topK is set by default/,
    );
  });

  it('does what cannot be exact where that is allowed, from what is told, and says so', async () => {
    const model = await loadModel(fake.url, { approximate: true, candidates: 8 });
    const generation = generate(model, PROMPT, {
      topK: 0,
      maxTokens: 8,
      seed: 2,
      temperature: 3,
      top: 12,
    });
    const steps = await all(generation);
    const { exactSteps } = await generation.result();
    expect(exactSteps).toBe(0);
    for (const { exact, tail, top, rank, token, logprob } of steps) {
      expect({ exact, rank: rank <= 8 }).toEqual({ exact: false, rank: true });
      expect(tail).toBeGreaterThan(0);
      expect(top!.reduce((sum, { shaped }) => sum + shaped, 0)).toBeCloseTo(1, 6);
      expect(top![0]!.raw).toBeLessThan(1 - tail! + 1e-6);
      expect(top!.find((one) => one.token === token)!.raw).toBeCloseTo(Math.exp(logprob), 6);
      // What is not told of is drawn by nobody, and has a name all the same.
      expect(top!.filter(({ shaped }) => shaped === 0)).toHaveLength(4);
    }
    // The same as where it is not allowed: nothing of it is given up.
    const exact = generate(model, PROMPT, { topK: 7, maxTokens: 3 });
    expect((await exact.result()).exactSteps).toBe(3);
    await model.dispose();
    const wide = await loadModel(fake.url, { approximate: true });
    const nucleus = { topK: 0, topP: 0.8, seed: 6 };
    const [a, b] = [await written(here, nucleus), await written(wide, nucleus)];
    expect(b.every((step) => step.exact)).toBe(true);
    expect(b.map(told)).toEqual(a.map(told));
    await wide.dispose();
  });

  it('tells the text of tokens, and goes on from tokens', async () => {
    const tokens = await there.encode('Tom had a dög 😀');
    expect(tokens).toEqual(await here.encode('Tom had a dög 😀'));
    expect(await there.decode(tokens)).toBe('Tom had a dög 😀');
    const options = { seed: 4, topK: 40 };
    expect((await written(there, options, tokens)).map(told)).toEqual(
      (await written(here, options, tokens)).map(told),
    );
  });

  it('is explored as a model of its own is', async () => {
    const settings = { topK: 30, temperature: 1.2, seed: 8 };
    const [a, b] = [new Watched(here, PROMPT, settings), new Watched(there, PROMPT, settings)];
    const [ours, theirs] = [await a.play(0, 6), await b.play(0, 6)];
    const plain = ({ token, text, node }: (typeof ours)[number]) => ({ token, text, node });
    expect(theirs.map(plain)).toEqual(ours.map(plain));
    const [look, other] = [await a.exploration.look(3, 5), await b.exploration.look(3, 5)];
    expect(other.candidates.map(({ token, text }) => [token, text])).toEqual(
      look.candidates.map(({ token, text }) => [token, text]),
    );
    expect(other).toMatchObject({ exact: true, drawn: look.drawn, kept: look.kept });
    expect(look).not.toHaveProperty('exact');
    // One that was not told has a text as soon as it is chosen.
    const rare = (await here.encode(' elephant')).at(-1)!;
    const chosen = await b.exploration.choose(3, rare);
    expect(chosen.text).toBe((await a.exploration.choose(3, rare)).text);
    b.exploration.set({ ...settings, topK: 0 });
    expect(await b.exploration.look(3, 5)).toMatchObject({ exact: false });
    expect(await b.play(3, 1)).toEqual([]);
    expect(b.events.at(-1)).toMatchObject({ pause: 'failed', error: { code: 'NOT_EXACT' } });
    a.exploration.close();
    b.exploration.close();
  });

  it('asks for one token at a time, and for no prompt twice', async () => {
    const before = fake.asked.length;
    await written(there, { seed: 1, maxTokens: 4 } as SamplingOptions);
    const asked = fake.asked.slice(before).filter(({ path }) => path === '/completion');
    expect(asked.map(({ body }) => body.prompt.length)).toEqual([5, 6, 7, 8]);
    expect(asked.every(({ body }) => body.n_predict === 1 && body.cache_prompt)).toBe(true);
  });

  it('ends where there is no room for more, whoever samples', async () => {
    const model = await loadModel(fake.url, { sampledBy: 'engine' });
    for (const one of [there, model]) {
      const long = new Array(508).fill(259);
      const summary = await generate(one, long, { seed: 1, maxTokens: 50 }).result();
      expect(summary).toMatchObject({ finishReason: 'context', tokens: 4 });
    }
    await model.dispose();
  });

  it('is exact where all that is allowed was told', async () => {
    const choice = { allowedTokens: [259, 418, 263], seed: 1, temperature: 3, maxTokens: 1 };
    const [[near], [far]] = [await written(here, choice), await written(there, choice)];
    expect(far).toMatchObject({ token: near!.token, exact: true });
    expect(far!.shapedLogprob).toBeCloseTo(near!.shapedLogprob, 4);
  });

  it('refuses end tokens and ids that the engine would not heed', async () => {
    const model = await loadModel(fake.url, { sampledBy: 'engine' });
    const write = (options: SamplingOptions) => generate(model, PROMPT, options).result();
    expect(() => write({ endTokens: [12] })).toThrow(
      "endTokens must be the model's own, [0], where the engine samples, got [12]",
    );
    await expect(write({ logitBias: { 99999: 2 } })).rejects.toMatchObject({
      code: 'INVALID_TOKEN',
    });
    await model.dispose();
  });

  it('cannot measure a text, which takes whole rows', async () => {
    const unsupported = { code: 'MODEL_UNSUPPORTED' };
    await expect(there.score('a story').next()).rejects.toMatchObject(unsupported);
    await expect(there.calibrate('a story')).rejects.toMatchObject(unsupported);
    await expect(there.template([])).rejects.toMatchObject(unsupported);
  });

  it('ends at once where it is told to', async () => {
    fake.trouble = ({ path }) => path === '/completion' && new Promise<boolean>(() => {});
    const abort = new AbortController();
    const generation = generate(there, PROMPT, { signal: abort.signal });
    const first = generation.next();
    abort.abort();
    expect(await first).toMatchObject({ done: true });
    expect((await generation.result()).finishReason).toBe('abort');
    fake.trouble = undefined;
  });
});

describe("a conversation with a model that llama.cpp's server runs", () => {
  it('has the same tokens as here', async () => {
    const folder = chatModel();
    const chat = await serve(folder);
    const engine = await fakeLlama(chat);
    const [near, far] = [await loadModel(folder), await loadModel(engine.url)];
    const messages = [{ role: 'user', content: 'Tell me of a dog.' }];
    expect(far.info.chat).toBe(true);
    expect((await far.template(messages)).filter((token) => token !== 0)).toEqual(
      (await near.template(messages)).filter((token) => token !== 0),
    );
    for (const model of [near, far]) await model.dispose();
    await engine.close();
    await chat.model.dispose();
  });
});

describe('options that go with engines alone, or not with them', () => {
  it.each([
    [undefined, { approximate: true }, 'approximate must be absent where the model is no engine'],
    [undefined, { apiKey: 'secret' }, 'apiKey must be absent where the model is no engine'],
    ['fake', { dtype: 'q4' as const }, 'dtype must be absent where the model is run by an engine'],
    ['fake', { candidates: 5000 }, 'candidates must be an integer in [2, 2048]'],
    ['fake', { candidates: 1 }, 'candidates must be an integer ≥ 2, got 1'],
    ['fake', { sampledBy: 'me' as never }, 'sampledBy must be one of kelvin, engine, got "me"'],
    ['fake', { sampledBy: 'engine', candidates: 5 }, 'candidates must be absent where the engine'],
    [
      'fake',
      { sampledBy: 'engine', approximate: true },
      'approximate must be absent where the eng',
    ],
    ['http://host/v1#100%', {}, 'model must be an address as in http://host:port/v1#name'],
    ['http://user:secret@host/v1', {}, 'without a key or a query in it, got "http://host/v1"'],
  ] as [string | undefined, LoadOptions, string][])(
    '%s with %o: %s',
    async (name, options, message) => {
      const failure = await loadModel(name === 'fake' ? fake.url : name, options).catch((e) => e);
      expect(failure.code).toBe('INVALID_OPTION');
      expect(failure.message).toContain(message);
      expect(failure.message).not.toContain('secret');
    },
  );
});
