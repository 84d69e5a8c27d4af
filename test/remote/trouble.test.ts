import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { generate, KelvinError, loadModel } from 'kelvin';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { fakeLlama } from './fake-llama.ts';
import { type Fake, json, type Served, serve, type Trouble } from './served.ts';

let served: Served;
let fake: Fake;
beforeAll(async () => {
  served = await serve();
  fake = await fakeLlama(served);
});
afterEach(() => {
  fake.trouble = undefined;
});
afterAll(async () => {
  await fake.close();
  await served.model.dispose();
});

async function text(name = fake.url, options = {}): Promise<string> {
  const model = await loadModel(name, options);
  try {
    return (await generate(model, 'Once', { maxTokens: 3, seed: 1 }).result()).text;
  } finally {
    await model.dispose();
  }
}

const failure = (name?: string, options?: object) =>
  text(name, options).then(
    () => 'no error',
    (error: unknown) =>
      error instanceof KelvinError ? `${error.code}: ${error.message}` : String(error),
  );

/** Answers so many times, then leaves it to the engine. */
const times = (count: number, trouble: Trouble): Trouble => {
  let left = count;
  return (asked, response) => left-- > 0 && trouble(asked, response);
};

describe('an engine in trouble', () => {
  it('is asked again while it loads its model', async () => {
    const calm = await text();
    fake.trouble = times(2, (_, response) =>
      json(
        response,
        503,
        { error: { code: 503, message: 'Loading model' } },
        { 'retry-after': '0' },
      ),
    );
    expect(await text()).toBe(calm);
  });

  it('is asked again when it is busy, in the midst of a text', async () => {
    const calm = await text();
    let completions = 0;
    fake.trouble = ({ path }, response) => {
      if (path !== '/completion') return false;
      completions += 1;
      // Every other time.
      if (completions % 2 === 0) return false;
      return json(response, 429, { error: { message: 'busy' } }, { 'retry-after': '0' });
    };
    expect(await text()).toBe(calm);
  });

  it('is given up where it stays busy', async () => {
    fake.trouble = (_, response) =>
      json(response, 429, { error: { message: 'too many' } }, { 'retry-after': '0' });
    expect(await failure()).toMatch(/^ENGINE_FAILED: .*\/v1\/models answered 429: too many$/);
    expect(fake.asked.at(-6)?.path).toBe('/v1/models');
  });

  it('is given up at once where it asks for an hour', async () => {
    const before = fake.asked.length;
    fake.trouble = (_, response) => json(response, 503, {}, { 'retry-after': '3600' });
    expect(await failure()).toMatch(/^ENGINE_FAILED: .* answered 503/);
    expect(fake.asked.length).toBe(before + 1);
  });

  it('is told apart from none', async () => {
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    expect(await failure(`http://127.0.0.1:${port}/v1`)).toBe(
      `ENGINE_UNREACHABLE: http://127.0.0.1:${port} cannot be reached: connect ECONNREFUSED 127.0.0.1:${port}`,
    );
  });

  it.each<[string, Trouble, RegExp]>([
    [
      'refuses the key',
      (_, response) =>
        json(response, 401, {
          error: { message: 'Invalid API Key', type: 'authentication_error' },
        }),
      /^ENGINE_FAILED: .* answered 401: Invalid API Key$/,
    ],
    [
      'fails in its own words',
      ({ path }, response) =>
        path === '/completion' && json(response, 500, { error: { message: 'slot exploded' } }),
      /^ENGINE_FAILED: .*\/completion answered 500: slot exploded$/,
    ],
    [
      'answers a page',
      (_, response) => {
        response.end('<html>Welcome');
        return true;
      },
      /^ENGINE_FAILED: .* must answer JSON, got "<html>Welcome"$/,
    ],
    [
      'answers something else',
      ({ path }, response) => path === '/completion' && json(response, 200, { content: 'x' }),
      /^ENGINE_FAILED: \/completion: generation_settings is not what this engine answers/,
    ],
    [
      'hangs up',
      ({ path }, response) => {
        if (path !== '/completion') return false;
        response.writeHead(200, { 'content-length': '1000' });
        response.write('{"comp');
        response.destroy();
        return true;
      },
      /^ENGINE_UNREACHABLE: .* cannot be reached: /,
    ],
    [
      'tells no candidates',
      ({ path, body }, response) =>
        path === '/completion' &&
        body.n_probs > 0 &&
        json(response, 200, { completion_probabilities: [] }),
      /^ENGINE_FAILED: \/completion: completion_probabilities is not/,
    ],
    [
      'tells probabilities of more than 1',
      ({ path, body }, response) =>
        path === '/completion' && body.n_probs > 0 && many(response, [-0.1, -0.2]),
      /^ENGINE_FAILED: the engine must tell log-probabilities .* got 2 with 1\.72357$/,
    ],
    [
      'tells tokens that are none',
      ({ path, body }, response) =>
        path === '/completion' && body.n_probs > 0 && many(response, [-1, -2], 5000),
      /^ENGINE_FAILED: the engine must tell log-probabilities of distinct tokens below 2048/,
    ],
    [
      'tells fewer than a setting needs',
      ({ path, body }, response) =>
        path === '/completion' && body.n_probs > 0 && many(response, [-1, -2, -3]),
      /^NOT_EXACT: topK cannot be exact here, as the engine tells of 3 tokens, with 0\.553 of/,
    ],
  ])('is said to be: one that %s', async (_, trouble, message) => {
    fake.trouble = trouble;
    expect(await failure()).toMatch(message);
  });

  it('is said to be where it breaks off as it samples', async () => {
    const model = await loadModel(fake.url, { sampledBy: 'engine' });
    fake.trouble = ({ path }, response) => {
      if (path !== '/completion') return false;
      const one = { id: 259, logprob: -1, bytes: [97] };
      const told = { ...one, top_logprobs: [one] };
      const event = { content: ' a', stop: false, completion_probabilities: [told] };
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${JSON.stringify(event)}\n\n`);
      if (breaks === 'in words') response.end('data: {"error":{"message":"out of memory"}}\n\n');
      else if (breaks === 'quietly') response.end();
      else response.write('data: {"con', () => response.destroy());
      return true;
    };
    let breaks = '';
    const said = async (how: string) => {
      breaks = how;
      return generate(model, 'Once', { maxTokens: 9 })
        .result()
        .catch(({ code, message }) => `${code} ${message}`);
    };
    expect(await said('in words')).toMatch(/^ENGINE_FAILED .*\/completion: out of memory$/);
    expect(await said('quietly')).toBe('ENGINE_FAILED /completion broke off before it had ended');
    expect(await said('badly')).toMatch(/^ENGINE_FAILED .*\/completion broke off: /);
    fake.trouble = undefined;
    const abort = new AbortController();
    const generation = generate(model, 'Once', { maxTokens: 9, signal: abort.signal });
    await generation.next();
    abort.abort();
    expect((await generation.result()).finishReason).toBe('abort');
    await model.dispose();
  });

  it('answers elsewhere on its own host, but sends nobody to another', async () => {
    let other: Server | undefined;
    const seen: string[] = [];
    try {
      other = createServer((request, response) => {
        seen.push(String(request.headers.authorization));
        response.end('{}');
      });
      await new Promise<void>((resolve) => other!.listen(0, '127.0.0.1', resolve));
      const { port } = other.address() as AddressInfo;
      fake.trouble = ({ path }, response) => {
        if (path !== '/v1/models' && path !== '/moved/v1/models') return false;
        response.writeHead(307, {
          location: path === '/v1/models' ? '/moved/v1/models' : `http://127.0.0.1:${port}/`,
        });
        response.end();
        return true;
      };
      expect(await failure(fake.url, { apiKey: 'secret' })).toMatch(
        /^ENGINE_FAILED: .*\/v1\/models sends one on to http:\/\/127\.0\.0\.1:\d+, which was not asked for$/,
      );
      expect(fake.asked.at(-1)).toMatchObject({
        path: '/moved/v1/models',
        authorization: 'Bearer secret',
      });
      expect(seen).toEqual([]);
    } finally {
      other?.close();
    }
  });

  it('must serve the model that is meant', async () => {
    expect(await failure(`${fake.url}#gpt`)).toMatch(
      /^MODEL_NOT_FOUND: .* serves story\.gguf; to choose: /,
    );
    fake.trouble = ({ path }, response) =>
      path === '/v1/models' && json(response, 200, { data: [{ id: 'a' }, { id: 'b' }] });
    expect(await failure()).toMatch(/^MODEL_NOT_FOUND: .* serves a, b; to choose: /);
  });

  it('is asked with the key of the environment, and with no other', async () => {
    process.env.KELVIN_ENGINE_KEY = 'from the environment';
    process.env.OPENAI_API_KEY = 'for others';
    try {
      await text();
      expect(fake.asked.at(-1)?.authorization).toBe('Bearer from the environment');
    } finally {
      delete process.env.KELVIN_ENGINE_KEY;
      delete process.env.OPENAI_API_KEY;
    }
    await text();
    expect(fake.asked.at(-1)?.authorization).toBeUndefined();
  });
});

/** An answer with candidates of these log-probabilities, their ids one from another. */
function many(response: Parameters<Trouble>[1], logprobs: number[], first = 100): true {
  const top_logprobs = logprobs.map((logprob, i) => ({ id: first + i, logprob, bytes: [65] }));
  const told = { ...top_logprobs[0], top_logprobs };
  return json(response, 200, { completion_probabilities: [told] });
}
