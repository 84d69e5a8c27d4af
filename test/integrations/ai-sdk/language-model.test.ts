import type { LanguageModelV3StreamPart, ProviderV3 } from '@ai-sdk/provider';
import {
  createProviderRegistry,
  generateObject,
  generateText,
  type LanguageModelUsage,
  Output,
  streamObject,
  streamText,
  tool,
} from 'ai';
import { generate, KelvinError, loadModel, type Model, type Step } from 'kelvin';
import { createKelvin, type KelvinMetadata, kelvin } from 'kelvin/ai-sdk';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { chatModel } from '../../model/chat-model.ts';
import { variant } from '../../model/variant.ts';

const PROMPT = 'One day, a fox';
let model: Model;
let chat: Model;

beforeAll(async () => {
  // Warnings are read from the results.
  Object.assign(globalThis, { AI_SDK_LOG_WARNINGS: false });
  [model, chat] = await Promise.all([loadModel(), loadModel(chatModel())]);
});
afterAll(() => Promise.all([model.dispose(), chat.dispose(), kelvin.dispose()]));

const features = (warnings: readonly { type: string }[] | undefined) =>
  warnings?.map((warning) => ('feature' in warning ? `${warning.type} ${warning.feature}` : ''));
const metadataOf = (metadata: unknown) => (metadata as { kelvin: KelvinMetadata }).kelvin;
const said = (text: string) => [
  { role: 'user' as const, content: [{ type: 'text' as const, text }] },
];

async function partsOf(
  model: ReturnType<typeof kelvin>,
  options: object = {},
): Promise<LanguageModelV3StreamPart[]> {
  const { stream } = await model.doStream({ prompt: said(PROMPT), maxOutputTokens: 6, ...options });
  const parts = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

describe('generateText', () => {
  it('writes what generate writes with the same options and seed', async () => {
    const options = { temperature: 0.9, topP: 0.9, topK: 40, seed: 5 };
    const penalties = { presencePenalty: 0.3, frequencyPenalty: 0.2 };
    const own = { minP: 0.02, dry: { multiplier: 0.8 }, top: 3 };
    const expected = await generate(model, PROMPT, {
      ...options,
      ...penalties,
      ...own,
      maxTokens: 40,
      stop: ['. '],
    }).result();
    const result = await generateText({
      model: kelvin(model),
      prompt: PROMPT,
      ...options,
      ...penalties,
      maxOutputTokens: 40,
      stopSequences: ['. '],
      providerOptions: { kelvin: own },
    });
    expect(result.text).toBe(expected.text);
    expect(result.text).not.toBe('');
    const told = metadataOf(result.providerMetadata);
    expect(told.seed).toBe(5);
    expect(told.settings).toEqual(expected.settings);
    expect(told.steps).toHaveLength(expected.tokens);
    expect(told.steps.map(({ text }) => text).join('')).toBe(result.text);
    expect(told.steps.every(({ logprob, top }) => logprob <= 0 && top!.length >= 3)).toBe(true);
    expect(result.response.modelId).toBe('kelvin-story');
    expect(result.response.id).toMatch(/^kelvin-[0-9a-f-]{36}$/);
  });

  it('tells how many tokens were read and written, and the seed it chose', async () => {
    const { usage, finishReason, rawFinishReason, providerMetadata, text } = await generateText({
      model: kelvin(model),
      prompt: PROMPT,
      maxOutputTokens: 9,
    });
    const read = (await model.encode(PROMPT)).length;
    expect(usage).toMatchObject({ inputTokens: read, outputTokens: 9, totalTokens: read + 9 });
    const { cacheReadTokens, noCacheTokens } = usage.inputTokenDetails;
    expect(cacheReadTokens! + noCacheTokens!).toBe(read);
    expect([finishReason, rawFinishReason]).toEqual(['length', 'length']);
    const { seed } = metadataOf(providerMetadata);
    const again = await generateText({
      model: kelvin(model),
      prompt: PROMPT,
      maxOutputTokens: 9,
      seed,
    });
    expect(again.text).toBe(text);
  });

  it('tells what of the prompt the model still knew', async () => {
    const knowing: Model = Object.assign(Object.create(model) as Model, {
      info: model.info,
      async *run(...given: Parameters<Model['run']>): ReturnType<Model['run']> {
        return { ...(yield* model.run(...given)), reusedTokens: 4 };
      },
    });
    const { usage } = await generateText({
      model: kelvin(knowing),
      prompt: PROMPT,
      maxOutputTokens: 1,
    });
    expect(usage.inputTokenDetails).toMatchObject({
      cacheReadTokens: 4,
      noCacheTokens: usage.inputTokens! - 4,
    });
  });

  it.each([
    ['a stop string', { stopSequences: ['walk'], temperature: 0 }, 'stop', 'stop'],
    ['an end token', { temperature: 0, maxOutputTokens: 400 }, 'stop', 'end'],
    ['the limit', { maxOutputTokens: 2 }, 'length', 'length'],
    ['a limit of nothing', { providerOptions: { kelvin: { maxTokens: 0 } } }, 'length', 'length'],
  ])('tells that %s ended the text', async (_, options, unified, raw) => {
    const result = await generateText({ model: kelvin(model), prompt: PROMPT, ...options });
    expect([result.finishReason, result.rawFinishReason]).toEqual([unified, raw]);
    expect(metadataOf(result.providerMetadata).finishReason).toBe(raw);
  });

  it('tells that the context is full', async () => {
    const ids = await model.encode('a '.repeat(600));
    const prompt = await model.decode(ids.slice(0, 505));
    const settings = { temperature: 1, providerOptions: { kelvin: { bannedTokens: [0] } } };
    const result = await generateText({ model: kelvin(model), prompt, ...settings });
    expect([result.finishReason, result.rawFinishReason]).toEqual(['length', 'context']);
  });

  it('keeps numbers that JSON has none for', async () => {
    const { providerMetadata } = await generateText({
      model: kelvin(model),
      prompt: PROMPT,
      maxOutputTokens: 1,
      providerOptions: { kelvin: { temperature: Number.POSITIVE_INFINITY, topK: 5 } },
    });
    expect(metadataOf(providerMetadata).settings.temperature).toEqual({
      value: 'Infinity',
      origin: 'option',
    });
    expect(JSON.parse(JSON.stringify(providerMetadata))).toEqual(providerMetadata);
  });
});

describe('a conversation', () => {
  it('goes through the template of a model that has one, without a warning', async () => {
    const messages = [
      { role: 'user' as const, content: 'Tell me of' },
      { role: 'assistant' as const, content: 'Whom?' },
      { role: 'user' as const, content: [{ type: 'text' as const, text: 'A fox' }] },
    ];
    const options = { temperature: 0.7, seed: 3 };
    const { text, warnings } = await generateText({
      model: kelvin(chat),
      system: 'Be kind.',
      messages,
      maxOutputTokens: 12,
      ...options,
    });
    const prompt = await chat.template([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Tell me of' },
      { role: 'assistant', content: 'Whom?' },
      { role: 'user', content: 'A fox' },
    ]);
    const expected = await generate(chat, prompt, { maxTokens: 12, ...options }).result();
    expect(text).toBe(expected.text);
    expect(warnings).toEqual([]);
  });

  it('is refused by a model without one, which goes on from a single text with a warning', async () => {
    const story = { model: kelvin(model), maxOutputTokens: 2 };
    await expect(generateText({ ...story, system: 'Be kind.', prompt: PROMPT })).rejects.toThrow(
      'kelvin-story has no chat template, so it cannot be talked with: prompt must be a single user message, from whose text it goes on, got system, user',
    );
    const { warnings } = await generateText({ ...story, prompt: PROMPT });
    expect(warnings).toEqual([
      {
        type: 'compatibility',
        feature: 'prompt',
        details:
          'kelvin-story has no chat template: it goes on from the text, and does not answer it',
      },
    ]);
  });

  it('that the template refuses is an error', async () => {
    const prompt = [...said('a'), { role: 'system' as const, content: 'b' }];
    await expect(kelvin(chat).doGenerate({ prompt })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining('system comes first'),
    });
  });
});

describe('what is not supported', () => {
  it('is warned of, and the rest is done', async () => {
    const fetched = vi.spyOn(globalThis, 'fetch');
    const { text, warnings } = await generateText({
      model: kelvin(chat),
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Look' },
            { type: 'image', image: new URL('https://example.com/fox.png') },
            { type: 'file', data: 'AAAA', mediaType: 'application/pdf' },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'hm' },
            { type: 'tool-call', toolCallId: '1', toolName: 'see', input: {} },
          ],
        },
        {
          role: 'tool',
          content: [
            {
              type: 'tool-result',
              toolCallId: '1',
              toolName: 'see',
              output: { type: 'text', value: 'x' },
            },
          ],
        },
      ],
      tools: { see: tool({ inputSchema: z.object({}) }) },
      maxOutputTokens: 4,
    });
    expect(text).not.toBe('');
    expect(features(warnings)).toEqual([
      'unsupported tools',
      'unsupported files',
      'unsupported reasoning',
      'unsupported tool messages',
    ]);
    expect(fetched).not.toHaveBeenCalled();
    fetched.mockRestore();
  });

  it.each([
    [{ type: 'required' as const }, true],
    [{ type: 'tool' as const, toolName: 'see' }, true],
    [{ type: 'auto' as const }, false],
    [{ type: 'none' as const }, false],
  ])('is warned of in a choice of tools: %o %o', async (toolChoice, warned) => {
    const call = { prompt: said(PROMPT), maxOutputTokens: 1, toolChoice };
    const { warnings } = await kelvin(chat).doGenerate(call);
    expect(features(warnings)).toEqual(warned ? ['unsupported toolChoice'] : []);
  });
});

describe('objects', () => {
  const schema = z.object({
    name: z.string().max(20),
    age: z.int().min(0).max(120),
    likes: z.array(z.enum(['tea', 'milk'])).max(2),
    home: z.object({ street: z.string().max(10) }).optional(),
  });
  const asked = () => ({ model: kelvin(model), prompt: PROMPT, temperature: 1.2, seed: 5 });

  it('fit their schema, whole and streamed, without a warning', async () => {
    const { object, warnings, finishReason } = await generateObject({ ...asked(), schema });
    expect(schema.parse(object)).toEqual(object);
    expect(finishReason).toBe('stop');
    expect(features(warnings)).toEqual(['compatibility prompt']);
    const stream = streamObject({ ...asked(), schema });
    const parts = [];
    for await (const part of stream.partialObjectStream) parts.push(part);
    expect(await stream.object).toEqual(object);
    expect(parts.length).toBeGreaterThan(3);
    const { output } = await generateText({ ...asked(), output: Output.object({ schema }) });
    expect(output).toEqual(object);
  });

  it('may be lists, choices, and of any shape', async () => {
    const output = Output.array({ element: z.object({ n: z.int().min(1).max(9) }) });
    const list = await generateText({ ...asked(), output, maxOutputTokens: 200 });
    for (const { n } of list.output) expect(n).toBeLessThan(10);
    const choice = Output.choice({ options: ['sunny', 'rainy'] });
    const { output: weather } = await generateText({ ...asked(), output: choice });
    expect(['sunny', 'rainy']).toContain(weather);
    const { text } = await generateText({ ...asked(), output: Output.json(), maxOutputTokens: 9 });
    expect(text).toMatch(/^\{/);
  });

  it('are refused where nothing holds a text to a keyword', async () => {
    const wrong = z.object({ age: z.number().multipleOf(3) });
    await expect(generateObject({ ...asked(), schema: wrong })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('responseFormat.schema.properties.age.multipleOf'),
    });
  });

  it('are not there where the limit came first', async () => {
    const short = generateObject({ ...asked(), schema, maxOutputTokens: 3 });
    await expect(short).rejects.toThrow(/No object generated/);
  });
});

describe('wrong options', () => {
  it.each([
    [
      'unknown',
      { providerOptions: { kelvin: { minp: 0.1 } } },
      /unknown providerOptions\.kelvin option "minp".*minP/,
    ],
    [
      'out of range',
      { providerOptions: { kelvin: { minP: 2 } } },
      'minP must be a number in [0, 1], got 2',
    ],
    ['of the call, out of range', { topP: 2 }, 'topP must be a number in [0, 1], got 2'],
    [
      'set twice',
      { topP: 0.9, providerOptions: { kelvin: { topP: 0.5 } } },
      'topP must be set once',
    ],
    [
      'that hold on to something',
      { providerOptions: { kelvin: { signal: {} } } },
      'unknown providerOptions.kelvin option "signal"',
    ],
    [
      'whose methods cannot travel',
      { providerOptions: { kelvin: { constraint: {} } } },
      'constraint must be absent',
    ],
    [
      'that cannot act together',
      { topP: 0.5, providerOptions: { kelvin: { mirostat: { version: 2 } } } },
      'mirostat must be absent where topP is set',
    ],
  ])('%s are an error, and are not tried again', async (_, options, message) => {
    const tried = vi.fn();
    const wrapped = kelvin(model);
    const { doGenerate } = wrapped;
    wrapped.doGenerate = (call) => {
      tried();
      return doGenerate.call(wrapped, call);
    };
    const failure = generateText({ model: wrapped, prompt: PROMPT, ...(options as object) });
    await expect(failure).rejects.toBeInstanceOf(KelvinError);
    await expect(failure).rejects.toThrow(message);
    expect(tried).toHaveBeenCalledTimes(1);
  });
});

describe('streamText', () => {
  it('gives its parts in order, and the text that generateText gives', async () => {
    const parts = await partsOf(kelvin(model), { seed: 4 });
    const kinds = parts.map(({ type }) => type);
    const deltas = kinds.filter((kind) => kind === 'text-delta');
    expect(deltas.length).toBeGreaterThan(1);
    expect(kinds).toEqual([
      'stream-start',
      'response-metadata',
      'text-start',
      ...deltas,
      'text-end',
      'finish',
    ]);
    const whole = await kelvin(model).doGenerate({
      prompt: said(PROMPT),
      maxOutputTokens: 6,
      seed: 4,
    });
    const text = parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('');
    expect(whole.content).toEqual([{ type: 'text', text }]);
    expect(parts[0]).toEqual({ type: 'stream-start', warnings: whole.warnings });
    const { providerMetadata: { kelvin: told } = {}, ...finish } = parts.at(-1) as Extract<
      LanguageModelV3StreamPart,
      { type: 'finish' }
    >;
    const { usage, finishReason } = whole;
    expect(finish).toEqual({ type: 'finish', usage, finishReason });
    const { timings: _, ...rest } = told as unknown as KelvinMetadata;
    const { timings: __, ...expected } = metadataOf(whole.providerMetadata);
    expect(rest).toEqual(expected);
  });

  it('adds up through the real client', async () => {
    const result = streamText({
      model: kelvin(model),
      prompt: PROMPT,
      maxOutputTokens: 8,
      seed: 1,
    });
    let text = '';
    for await (const delta of result.textStream) text += delta;
    expect(text).toBe(await result.text);
    const usage: LanguageModelUsage = await result.totalUsage;
    expect(usage.outputTokens).toBe(8);
    expect(usage.totalTokens).toBe(usage.inputTokens! + 8);
    expect(await result.finishReason).toBe('length');
    expect(metadataOf(await result.providerMetadata).seed).toBe(1);
    expect((await result.warnings)?.length).toBe(1);
  });

  it('tells of every token as it comes, where raw chunks are asked for', async () => {
    const parts = await partsOf(kelvin(model), {
      includeRawChunks: true,
      providerOptions: { kelvin: { rawTop: 2 } },
    });
    const steps = parts.flatMap((part) => (part.type === 'raw' ? [part.rawValue as Step] : []));
    expect(steps.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(steps.every(({ rawTop }) => rawTop?.length === 2)).toBe(true);
  });

  it('gives each of several at once the text it has alone', async () => {
    const settings = [1, 2, 3, 4].map((seed) => ({ seed, temperature: 0.5 * seed }));
    const call = { model: kelvin(model), prompt: PROMPT, maxOutputTokens: 16 };
    const together = await Promise.all(settings.map((one) => streamText({ ...call, ...one }).text));
    for (const [i, one] of settings.entries())
      expect((await generateText({ ...call, ...one })).text).toBe(together[i]);
  });

  it('never shows a stop string, nor anything behind one', async () => {
    const settings = { maxOutputTokens: 60, temperature: 0, stopSequences: ['wanted'] };
    const parts = await partsOf(kelvin(model), settings);
    const text = parts.map((part) => (part.type === 'text-delta' ? part.delta : '')).join('');
    expect(text).not.toContain('want');
    expect(parts.at(-1)).toMatchObject({ finishReason: { unified: 'stop', raw: 'stop' } });
  });

  it('throws what is wrong with a call before there is a stream', async () => {
    const prompt = 'a '.repeat(600);
    await expect(kelvin(model).doStream({ prompt: said(prompt) })).rejects.toMatchObject({
      code: 'CONTEXT_LENGTH',
    });
    const errors: unknown[] = [];
    const onError = ({ error }: { error: unknown }) => void errors.push(error);
    const result = streamText({ model: kelvin(model), prompt, onError });
    await result.consumeStream();
    expect(errors).toMatchObject([{ code: 'CONTEXT_LENGTH' }]);
  });

  it('tells of what fails later in the stream, and finishes', async () => {
    const failing = failingModel(model, 2);
    const parts = await partsOf(kelvin(failing));
    const kinds = parts.map(({ type }) => type);
    expect(kinds.slice(-3)).toEqual(['error', 'text-end', 'finish']);
    expect(parts.at(-1)).toMatchObject({
      finishReason: { unified: 'error', raw: 'MODEL_FILE' },
      usage: { outputTokens: { total: 2 } },
    });
    const errors: unknown[] = [];
    const onError = ({ error }: { error: unknown }) => void errors.push(error);
    const result = streamText({ model: kelvin(failing), prompt: PROMPT, onError });
    await result.consumeStream();
    expect(errors).toMatchObject([{ code: 'MODEL_FILE' }]);
    expect(await result.finishReason).toBe('error');
  });
});

/** A model that fails after some tokens. */
function failingModel(model: Model, after: number): Model {
  return Object.assign(Object.create(model) as Model, {
    info: model.info,
    template: model.template.bind(model),
    async *run(...given: Parameters<Model['run']>): ReturnType<Model['run']> {
      const steps = model.run(...given);
      for (let i = 0; i < after; i++) {
        const { done, value } = await steps.next();
        if (done) return value;
        yield value;
      }
      await steps.return(undefined as never);
      throw new KelvinError('MODEL_FILE', 'the graph failed');
    },
  });
}

describe('an abort', () => {
  it('before the start is an error', async () => {
    const call = { model: kelvin(model), prompt: PROMPT };
    await expect(generateText({ ...call, abortSignal: AbortSignal.abort() })).rejects.toMatchObject(
      { name: 'AbortError' },
    );
    const reason = new Error('enough');
    await expect(
      kelvin(model).doGenerate({ prompt: said(PROMPT), abortSignal: AbortSignal.abort(reason) }),
    ).rejects.toBe(reason);
  });

  it('of generateText is an error', async () => {
    const abort = new AbortController();
    const told = abortingModel(model, abort);
    await expect(
      generateText({ model: kelvin(told), prompt: PROMPT, abortSignal: abort.signal }),
    ).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('of streamText ends the stream with an abort part', async () => {
    const abort = new AbortController();
    let aborted = 0;
    const { fullStream } = streamText({
      model: kelvin(model),
      prompt: PROMPT,
      maxOutputTokens: 200,
      abortSignal: abort.signal,
      onAbort: () => void aborted++,
    });
    const kinds = [];
    for await (const { type } of fullStream) {
      kinds.push(type);
      if (type === 'text-delta') abort.abort();
    }
    expect(kinds.at(-1)).toBe('abort');
    expect(kinds).not.toContain('error');
    expect(kinds).not.toContain('finish');
    expect(kinds.filter((kind) => kind === 'text-delta').length).toBeLessThan(4);
    expect(aborted).toBe(1);
  });

  it('by cancelling the stream stops the model', async () => {
    const stopped = watchedModel(model);
    const { stream } = await kelvin(stopped.model).doStream({ prompt: said(PROMPT) });
    const reader = stream.getReader();
    for (let i = 0; i < 4; i++) await reader.read();
    await reader.cancel();
    expect(stopped.signal()?.aborted).toBe(true);
    const untouched = await kelvin(stopped.model).doStream({ prompt: said(PROMPT) });
    expect(stopped.signal()?.aborted).toBe(false);
    await untouched.stream.cancel();
    expect(stopped.signal()?.aborted).toBe(true);
  });
});

/** A model that hands out the signal it was last run with. */
function watchedModel(model: Model): { model: Model; signal(): AbortSignal | undefined } {
  let last: AbortSignal | undefined;
  const run: Model['run'] = (request, signal, progress) => {
    last = signal;
    return model.run(request, signal, progress);
  };
  return {
    model: Object.assign(Object.create(model) as Model, { info: model.info, run }),
    signal: () => last,
  };
}

/** A model whose caller gives up at its third token. */
function abortingModel(model: Model, abort: AbortController): Model {
  return Object.assign(Object.create(model) as Model, {
    info: model.info,
    async *run(...given: Parameters<Model['run']>): ReturnType<Model['run']> {
      const steps = model.run(...given);
      for (;;) {
        const { done, value } = await steps.next();
        if (done) return value;
        if (value.index === 2) abort.abort();
        yield value;
      }
    },
  });
}

describe('a provider', () => {
  it('is one for the AI SDK', async () => {
    const provider: ProviderV3 = kelvin;
    expect(provider.specificationVersion).toBe('v3');
    const registry = createProviderRegistry({ kelvin });
    const folder = variant({});
    const found = registry.languageModel(`kelvin:${folder}`);
    const { response } = await generateText({ model: found, prompt: PROMPT, maxOutputTokens: 1 });
    expect(folder.endsWith(response.modelId)).toBe(true);
    expect(() => provider.embeddingModel('x')).toThrow('it cannot be an embedding model');
    expect(() => provider.imageModel('x')).toThrow('it cannot be an image model');
  });

  it('loads a model once, when it is first asked for text, and again after it was disposed of', async () => {
    const parts: string[] = [];
    const own = createKelvin({ progress: (part) => parts.push(part) });
    const call = { prompt: said(PROMPT), maxOutputTokens: 1 };
    expect(own().modelId).toBe(model.info.name);
    expect(parts).toEqual([]);
    await Promise.all([own().doGenerate(call), own().doGenerate(call)]);
    const once = parts.length;
    expect(once).toBeGreaterThan(0);
    await own.dispose();
    await own().doGenerate(call);
    expect(parts).toHaveLength(2 * once);
    await own.dispose();
  });

  it('leaves a model alone that it was given', async () => {
    const own = createKelvin();
    await own(model).doGenerate({ prompt: said(PROMPT), maxOutputTokens: 1 });
    await own.dispose();
    expect(await model.encode('a')).not.toEqual([]);
  });

  it('tells what is wrong with a model, each time', async () => {
    const own = createKelvin();
    const missing = own('/nowhere');
    for (let i = 0; i < 2; i++)
      await expect(generateText({ model: missing, prompt: PROMPT })).rejects.toMatchObject({
        code: 'MODEL_NOT_FOUND',
      });
    await own.dispose();
    expect(() => own({} as Model)).toThrow('model must be the name of a model');
    expect(() => createKelvin({ dtyp: 'fp32' } as never)).toThrow('unknown option "dtyp"');
  });
});
