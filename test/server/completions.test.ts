// The official client against the running server.
import { generate } from 'kelvin';
import { samplingOptions } from 'kelvin/sampling';
import { BadRequestError } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chatModel } from '../model/chat-model.ts';
import { type Running, run } from './running.ts';

const MODEL = 'kelvin-story';
let server: Running;
let talker: Running;
beforeAll(async () => {
  [server, talker] = await Promise.all([run(), run({}, chatModel())]);
});
afterAll(() => Promise.all([server.stop(), talker.stop()]));

const messages = [{ role: 'user' as const, content: 'Once upon a time' }];
const chatName = () => talker.model.info.name;
const base = { model: MODEL, prompt: 'Once upon a time', max_tokens: 24, seed: 5, temperature: 1 };

const alone = (options: object, prompt = base.prompt) =>
  generate(server.model, prompt, { maxTokens: 24, seed: 5, temperature: 1, ...options }).result();

describe('models', () => {
  it('are listed and told of', async () => {
    const { data } = await server.client.models.list();
    expect(data).toMatchObject([{ id: MODEL, object: 'model', context_length: 512, chat: false }]);
    expect(await server.client.models.retrieve(MODEL)).toEqual(data[0]);
  });

  it('others are not found', async () => {
    const missing = { status: 404, code: 'model_not_found', param: 'model' };
    await expect(server.client.models.retrieve('gpt-4o')).rejects.toMatchObject(missing);
    const asked = server.client.completions.create({ ...base, model: 'gpt-4o' });
    await expect(asked).rejects.toMatchObject(missing);
  });
});

describe('a completion', () => {
  it('is the text that the library writes', async () => {
    const answer = await server.client.completions.create(base);
    const { text, promptTokens } = await alone({});
    expect(answer).toMatchObject({
      object: 'text_completion',
      model: MODEL,
      choices: [{ index: 0, text, finish_reason: 'length', logprobs: null, seed: 5 }],
      usage: {
        prompt_tokens: promptTokens,
        completion_tokens: 24,
        total_tokens: promptTokens + 24,
      },
    });
    expect(answer.id).toMatch(/^cmpl-/);
    expect(answer._request_id).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('comes in pieces that add up', async () => {
    const stream = await server.client.completions.create({
      ...base,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    const { text, promptTokens } = await alone({});
    expect(chunks.map(({ choices }) => choices[0]?.text ?? '').join('')).toBe(text);
    expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
    expect(chunks.at(-2)!.choices).toMatchObject([{ finish_reason: 'length', text: '' }]);
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: promptTokens, completion_tokens: 24 },
    });
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true);
  });

  it('of several prompts, as texts or tokens, is several completions', async () => {
    const prompts = ['One day', 'The fox'];
    const tokens = await Promise.all(prompts.map((prompt) => server.model.encode(prompt)));
    const ask = (prompt: string[] | number[][]) =>
      server.client.completions.create({ ...base, prompt, n: 2 });
    const [texts, ids] = await Promise.all([ask(prompts), ask(tokens)]);
    const expected = await Promise.all(
      prompts.flatMap((prompt) => [5, 6].map(async (seed) => (await alone({ seed }, prompt)).text)),
    );
    expect(texts.choices.map(({ text }) => text)).toEqual(expected);
    expect(ids.choices.map(({ text }) => text)).toEqual(expected);
    expect(ids.choices.map(({ index }) => index)).toEqual([0, 1, 2, 3]);
    expect(texts.usage!.prompt_tokens).toBe(tokens.flat().length);
    expect(texts.usage!.completion_tokens).toBe(96);
  });

  it('in pieces keeps its n texts apart', async () => {
    const stream = await server.client.completions.create({ ...base, n: 4, stream: true });
    const texts = ['', '', '', ''];
    for await (const { choices } of stream)
      for (const { index, text } of choices) texts[index] += text;
    const expected = [5, 6, 7, 8].map(async (seed) => (await alone({ seed })).text);
    expect(texts).toEqual(await Promise.all(expected));
  });

  it('ends before a stop string, of which nothing is told', async () => {
    const whole = (await alone({ maxTokens: 100 })).text;
    const found = whole.slice(30, 38);
    const stop = ['zzz', found];
    const before = whole.slice(0, whole.indexOf(found));
    const asked = { ...base, max_tokens: 100, stop };
    const { choices } = await server.client.completions.create(asked);
    expect(choices[0]).toMatchObject({ text: before, finish_reason: 'stop' });
    let text = '';
    for await (const chunk of await server.client.completions.create({ ...asked, stream: true }))
      text += chunk.choices[0]!.text;
    expect(text).toBe(before);
  });

  it('obeys biases', async () => {
    const ban = { ...base, logit_bias: { '0': -100 }, max_tokens: 5 };
    const only = { ...ban, logit_bias: { '300': 100 } };
    const { choices } = await server.client.completions.create(only);
    expect(choices[0]!.text).toBe(await server.model.decode([300, 300, 300, 300, 300]));
    const end = await server.client.completions.create({ ...base, logit_bias: { '0': 100 } });
    expect(end.choices[0]).toMatchObject({ text: '', finish_reason: 'stop' });
  });

  it('tells the log probabilities under the model alone', async () => {
    const asked = {
      ...base,
      max_tokens: 6,
      logprobs: 3,
      temperature: 0.3,
      logit_bias: { '0': -50 },
    };
    const { choices } = await server.client.completions.create(asked);
    const { tokens, token_logprobs, top_logprobs, text_offset } = choices[0]!.logprobs!;
    const steps = [];
    const options = { seed: 5, temperature: 0.3, maxTokens: 6, rawTop: 3, logitBias: { 0: -50 } };
    for await (const step of generate(server.model, base.prompt, options)) steps.push(step);
    expect(tokens).toEqual(steps.map(({ label }) => label));
    expect(token_logprobs).toEqual(steps.map(({ logprob }) => logprob));
    expect(tokens!.join('')).toBe(choices[0]!.text);
    expect(
      text_offset!.map((from, i) => choices[0]!.text.slice(from, text_offset![i + 1])),
    ).toEqual(tokens);
    for (const [i, top] of top_logprobs!.entries()) {
      expect(Object.keys(top).length).toBeGreaterThanOrEqual(3);
      expect(Math.max(...Object.values(top))).toBeCloseTo(steps[i]!.rawTop![0]!.logprob, 9);
    }
  });
});

describe('a chat completion', () => {
  it('is what the model writes behind its template', async () => {
    const { model, client } = talker;
    const answer = await client.chat.completions.create({
      ...{ model: chatName(), messages, seed: 3 },
      max_completion_tokens: 12,
      response_format: { type: 'text' },
    });
    const prompt = await model.template(messages);
    const { text, promptTokens } = await generate(model, prompt, {
      seed: 3,
      maxTokens: 12,
    }).result();
    expect(answer).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { role: 'assistant', content: text }, finish_reason: 'length' }],
      usage: { prompt_tokens: promptTokens, completion_tokens: 12 },
    });
    const again = [...messages, answer.choices[0]!.message, ...messages];
    const next = { model: chatName(), messages: again, seed: 3, max_tokens: 4 };
    expect((await client.chat.completions.create(next)).usage!.prompt_tokens).toBeGreaterThan(
      promptTokens + 12,
    );
  });

  it('comes in pieces, with log probabilities and usage', async () => {
    const asked = { model: chatName(), messages, seed: 3, max_tokens: 12 };
    const told = { ...asked, logprobs: true, top_logprobs: 2 };
    const { choices } = await talker.client.chat.completions.create(told);
    const stream = await talker.client.chat.completions.create({
      ...told,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks[0]!.choices[0]!.delta).toMatchObject({ role: 'assistant', content: '' });
    const pieces = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? '');
    expect(pieces.join('')).toBe(choices[0]!.message.content);
    const logprobs = chunks.flatMap((chunk) => chunk.choices[0]?.logprobs?.content ?? []);
    expect(logprobs).toEqual(choices[0]!.logprobs!.content);
    expect(logprobs).toHaveLength(12);
    for (const { bytes, token, top_logprobs } of logprobs) {
      expect(Buffer.from(bytes!).toString()).toBe(token);
      expect(top_logprobs).toHaveLength(2);
    }
    expect(chunks.at(-1)!.usage!.completion_tokens).toBe(12);
    expect(chunks.at(-2)!.choices[0]).toMatchObject({ delta: {}, finish_reason: 'length' });
  });

  it('takes the parts of a message together, and the roles the template takes', async () => {
    const ask = (list: object[]) =>
      talker.client.chat.completions.create({ messages: list as never, ...small() });
    const small = () => ({ model: chatName(), max_tokens: 4, seed: 1 });
    const parts = [
      { type: 'text', text: 'Once upon' },
      { type: 'text', text: ' a time' },
    ];
    const [one, other] = await Promise.all([
      ask([{ role: 'user', content: parts }]),
      ask([{ role: 'user', content: 'Once upon a time' }]),
    ]);
    expect(one.choices[0]!.message).toEqual(other.choices[0]!.message);
    const late = ask([messages[0]!, { role: 'system', content: 'Be brief.' }]);
    await expect(late).rejects.toMatchObject({
      status: 400,
      param: 'messages',
      message: expect.stringContaining('system comes first'),
    });
  });

  it('is refused by a model without a template, with the way out', async () => {
    const asked = server.client.chat.completions.create({ model: MODEL, messages });
    await expect(asked).rejects.toMatchObject({
      status: 400,
      param: 'messages',
      code: 'unsupported_by_model',
      message: expect.stringContaining('use /v1/completions'),
    });
  });
});

describe('every sampling option is a field', () => {
  const values: Record<string, unknown> = {
    logit_bias: { '300': 2, '5': '-Infinity' },
    banned_tokens: [5],
    allowed_tokens: Array.from({ length: 400 }, (_, i) => i),
    bad_words: [[300, 5]],
    end_tokens: [11],
    min_new_tokens: 2,
    repetition_penalty: 1.5,
    presence_penalty: 0.5,
    frequency_penalty: 0.5,
    penalty_window: 4,
    no_repeat_ngram_size: 2,
    dry: { multiplier: 2, allowed_length: 1, sequence_breakers: [11] },
    temperature: 'Infinity',
    dynamic_temperature: { range: 0.3 },
    top_k: 7,
    top_p: 0.5,
    min_p: 0.2,
    typical_p: 0.3,
    top_n_sigma: 1,
    epsilon_cutoff: 0.1,
    eta_cutoff: 0.1,
    top_a: 0.5,
    top_h: 0.5,
    xtc: { probability: 0.9, threshold: 0.1 },
    mirostat: { version: 2, tau: 2 },
    min_tokens_to_keep: 3,
    order: ['temperature', 'top_k', 'top_p'],
    seed: 77,
  };
  const company: Record<string, object> = {
    penalty_window: { repetition_penalty: 2 },
    min_tokens_to_keep: { top_k: 1 },
    order: { top_k: 9, top_p: 0.9 },
  };
  const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const names = Object.keys(samplingOptions).filter((name) => name !== 'constraint');

  it('and has its case here', () => {
    expect(Object.keys(values).sort()).toEqual(names.map(snake).sort());
  });

  it.each(names)('%s', async (name) => {
    const field = snake(name);
    const body = { ...base, ...company[field], [field]: values[field] };
    const { choices } = await server.client.completions.create(body);
    const camel = (key: string) => key.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());
    const library = (value: unknown, key = ''): unknown => {
      if (key === 'order') return (value as string[]).map(camel);
      if (Array.isArray(value) || typeof value !== 'object') return value;
      return Object.fromEntries(
        Object.entries(value as object).map(([key, part]) => [camel(key), library(part, key)]),
      );
    };
    const infinite = (value: unknown) =>
      JSON.parse(JSON.stringify(value), (_, part) =>
        part === 'Infinity' ? Infinity : part === '-Infinity' ? -Infinity : part,
      );
    const given = library(infinite({ ...company[field], [field]: values[field] })) as object;
    // JSON has no Infinity, and parsing it back in the reviver keeps it.
    expect(choices[0]!.text).toBe((await alone(given)).text);
  });
});

describe('what is wrong is refused by name', () => {
  const refused = async (fields: object, expected: object) => {
    const error = await server.client.completions.create({ ...base, ...fields } as never).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ status: 400, type: 'invalid_request_error', ...expected });
  };

  it.each([
    [{ top_p: 2 }, 'top_p', 'top_p must be a number in [0, 1], got 2'],
    [{ top_q: 1 }, 'top_q', 'unknown field "top_q" (did you mean "top_'],
    [{ topP: 0.5 }, 'topP', 'did you mean "top_p"'],
    [{ min_p: '0.1' }, 'min_p', 'min_p must be a number in [0, 1], got "0.1"'],
    [{ n: 17 }, 'n', 'n must be an integer in [1, 16], got 17'],
    [{ n: 9, prompt: ['a', 'b'] }, 'prompt', 'at most 16 texts'],
    [{ max_tokens: -1 }, 'max_tokens', 'max_tokens must be an integer ≥ 0, got -1'],
    [{ stop: '' }, 'stop', 'stop must be a string or a list of at most 16 strings'],
    [{ stop: Array(17).fill('a') }, 'stop', 'stop must be'],
    [{ stop: 'a'.repeat(257) }, 'stop', 'got 257 characters'],
    [{ stream: 'yes' }, 'stream', 'stream must be true or false, got "yes"'],
    [{ stream_options: { include_usage: true } }, 'stream_options', 'stream: true'],
    [{ stream: true, stream_options: { x: 1 } }, 'stream_options.x', 'unknown field'],
    [{ logprobs: 21 }, 'logprobs', 'logprobs must be an integer in [0, 20], got 21'],
    [{ logprobs: true }, 'logprobs', 'logprobs must be an integer in [0, 20], got true'],
    [{ top_logprobs: 2 }, 'top_logprobs', 'logprobs is the number'],
    [{ echo: true }, 'echo', 'echo is not supported'],
    [{ suffix: 'x' }, 'suffix', 'suffix is not supported'],
    [{ response_format: { type: 'xml' } }, 'response_format.type', '"json_schema"'],
    [{ best_of: 2 }, 'best_of', 'best_of is not supported'],
    [{ tools: [] }, 'tools', 'tools is not supported'],
    [{ messages }, 'messages', '/v1/chat/completions'],
    [{ prompt: undefined }, 'prompt', 'prompt must be a string'],
    [{ prompt: [] }, 'prompt', 'prompt must be a string'],
    [{ prompt: [99999] }, 'prompt', 'prompt: token ids must be integers ≥ 0 and < 2048'],
    [{ prompt: 'a '.repeat(600) }, 'prompt', 'prompt must be at most 512 tokens'],
    [{ prompt: 'a'.repeat(20000) }, 'prompt', 'at most 16384 characters'],
    [{ logit_bias: { '99999': 1 } }, 'logit_bias', 'logit_bias'],
    [{ logit_bias: { x: 1 } }, 'logit_bias', 'a token id in logit_bias must be an integer ≥ 0'],
    [{ dry: { multiplier: 1, allowedLength: 2 } }, 'dry', 'did you mean "allowed_length"'],
    [{ dry: {} }, 'dry', 'dry.multiplier must be'],
    [{ penalty_window: 4 }, 'penalty_window', 'where repetition_penalty is 1'],
    [{ mirostat: { version: 2, tau: 3 }, top_p: 0.5 }, 'mirostat', 'must be absent where top_p'],
    [{ allowed_tokens: [5], banned_tokens: [5] }, null, 'token'],
    [{ constraint: {} }, 'constraint', 'unknown field'],
    [{ seed: 2 ** 60 }, 'seed', 'seed must be a safe integer'],
    [{ user: 'u'.repeat(257) }, 'user', 'at most 256 characters'],
  ])('%j', async (fields, param, message) => {
    await refused(fields, {
      ...(param && { param }),
      message: expect.stringContaining(message),
    });
  });

  it.each([
    [{ messages: [] }, 'messages', 'a list of 1 to 1024 messages'],
    [{ messages: [{ role: 'tool', content: '' }] }, 'messages[0].role', 'one of system, user'],
    [{ messages: [{ role: 'user' }] }, 'messages[0].content', 'a string or a list of parts'],
    [
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: 'x' }] }] },
      'messages[0].content',
      'parts with type "text"',
    ],
    [{ messages: [{ role: 'user', content: '', name: 'x' }] }, 'messages[0].name', 'unknown field'],
    [{ top_logprobs: 2 }, 'top_logprobs', 'must come with logprobs: true'],
    [{ max_tokens: 1, max_completion_tokens: 1 }, 'max_tokens', 'its new name'],
    [
      { response_format: { type: 'json_schema', json_schema: {} } },
      'response_format.json_schema.name',
      'a name of 1 to 64',
    ],
    [{ response_format: { type: 'text', x: 1 } }, 'response_format.x', 'unknown field'],
    [{ prompt: 'x' }, 'prompt', '/v1/completions'],
    [{ tools: [{ type: 'function' }] }, 'tools', 'tools is not supported'],
  ])('in a chat: %j', async (fields, param, message) => {
    const asked = talker.client.chat.completions.create({
      ...{ model: chatName(), messages, max_tokens: 2, ...(fields as object) },
    });
    await expect(asked).rejects.toMatchObject({
      status: 400,
      param,
      message: expect.stringContaining(message),
    });
  });

  it('in a stream too, as there is no token yet', async () => {
    const asked = { ...base, stream: true as const, logit_bias: { '99999': 1 } };
    await expect(server.client.completions.create(asked)).rejects.toBeInstanceOf(BadRequestError);
  });
});
