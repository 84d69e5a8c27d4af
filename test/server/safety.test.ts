// In one process, through the door that any host which speaks fetch uses.
import { loadModel, type Model } from 'kelvin';
import { createServer, listen, type Server, type ServerOptions } from 'kelvin/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let model: Model;
beforeAll(async () => {
  model = await loadModel();
});
afterAll(() => model.dispose());

const json = { 'content-type': 'application/json' };
const post = (body: unknown, headers: Record<string, string> = json): RequestInit => ({
  method: 'POST',
  headers,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const ask = (app: Server, path: string, init: RequestInit = {}, host = 'localhost') =>
  app.fetch(new Request(`http://${host}${path}`, init));
const errorOf = async (response: Response) => ((await response.json()) as { error: object }).error;
const SHORT = { prompt: 'One day', max_tokens: 2 };
/** So that a text is as long as it may be. */
const NO_END = { banned_tokens: [0] };

describe('with a key', () => {
  const ROUTES = ['/v1/models', '/v1/models/x', '/metrics', '/nothing'];
  const POSTS = ['/v1/completions', '/v1/chat/completions', '/tokenize', '/detokenize'];
  const withKey = () => createServer(model, { apiKey: ['right', 'also right'] });

  it.each([undefined, 'Bearer wrong', 'Bearer ', 'right', 'Basic right', 'Bearer right right'])(
    'no route but /health answers to %o',
    async (authorization) => {
      const headers = { ...json, ...(authorization && { authorization }) };
      const app = withKey();
      const answers = [
        ...ROUTES.map((path) => ask(app, path, { headers })),
        ...POSTS.map((path) => ask(app, path, post(SHORT, headers))),
      ];
      for (const answer of await Promise.all(answers)) {
        expect(answer.status).toBe(401);
        expect(await errorOf(answer)).toMatchObject({
          type: 'authentication_error',
          code: 'invalid_api_key',
        });
      }
      expect((await ask(app, '/health', { headers })).status).toBe(200);
    },
  );

  it.each(['Bearer right', 'bearer also right'])('%s opens', async (authorization) => {
    const answer = await ask(withKey(), '/v1/models', { headers: { authorization } }, 'any.host');
    expect(answer.status).toBe(200);
  });
});

describe('the Host', () => {
  it.each(['localhost', 'LOCALHOST:8080', '127.0.0.1:1', '127.9.9.9', '[::1]:8080'])(
    '%s is this machine',
    async (host) => {
      expect((await ask(createServer(model), '/health', {}, host)).status).toBe(200);
    },
  );

  it.each(['evil.example', 'localhost.evil.example', '10.0.0.1', '127.0.0.1.evil.example'])(
    '%s is not',
    async (host) => {
      const answer = await ask(createServer(model), '/v1/models', {}, host);
      expect(answer.status).toBe(403);
      expect(await errorOf(answer)).toMatchObject({ code: 'host_not_allowed' });
    },
  );

  it('may be one of a list', async () => {
    const app = createServer(model, { hosts: ['App.example'] });
    expect((await ask(app, '/health', {}, 'app.example:3000')).status).toBe(200);
    expect((await ask(app, '/health', {}, 'localhost')).status).toBe(403);
  });
});

describe('a page from elsewhere', () => {
  const preflight = (origin: string): RequestInit => ({
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST' },
  });
  const allowed = (answer: Response) => answer.headers.get('access-control-allow-origin');

  it('is let in where it is listed, without a key for the question alone', async () => {
    const app = createServer(model, { origins: ['https://app.example'], apiKey: 'k' });
    const asked = await ask(app, '/v1/completions', preflight('https://app.example'));
    expect([asked.status, allowed(asked)]).toEqual([204, 'https://app.example']);
    const headers = { ...json, origin: 'https://app.example', authorization: 'Bearer k' };
    expect(allowed(await ask(app, '/v1/completions', post(SHORT, headers)))).toBe(
      'https://app.example',
    );
    const other = await ask(app, '/v1/completions', preflight('https://evil.example'));
    expect(allowed(other)).toBeNull();
    expect(other.headers.get('access-control-allow-credentials')).toBeNull();
  });

  it('is not, where nobody is listed', async () => {
    const asked = await ask(createServer(model), '/v1/completions', preflight('https://a.example'));
    expect(allowed(asked)).toBeNull();
  });
});

describe('what is no request for this server', () => {
  it.each([
    ['/nothing', {}, 404, 'not_found'],
    ['/v1/completions', {}, 405, 'method_not_allowed'],
    ['/health', { method: 'DELETE' }, 405, 'method_not_allowed'],
    ['/constructor', {}, 404, 'not_found'],
    ['/v1/completions', post(SHORT, {}), 415, 'unsupported_media_type'],
    [
      '/v1/completions',
      post(SHORT, { 'content-type': 'text/plain' }),
      415,
      'unsupported_media_type',
    ],
    ['/v1/completions', post('{"prompt": '), 400, 'invalid_json'],
    ['/v1/completions', post(''), 400, 'invalid_json'],
    ['/v1/completions', post('[1]'), 400, 'invalid_json'],
    ['/v1/completions', post('{"__proto__": {"n": 2}, "prompt": ""}'), 400, 'unknown_parameter'],
    [
      '/v1/completions',
      { ...post(''), body: Buffer.from([0x22, 0xff, 0x22]) },
      400,
      'invalid_json',
    ],
    ['/v1/completions', post({ prompt: 'a'.repeat(2 ** 20) }), 413, 'body_too_large'],
    ['/tokenize', post({ content: 5 }), 400, 'invalid_value'],
    ['/detokenize', post({ tokens: [99999] }), 400, 'invalid_token'],
  ] as [string, RequestInit, number, string][])('%s %j', async (path, init, status, code) => {
    const answer = await ask(createServer(model), path, init);
    expect(answer.status).toBe(status);
    expect(await errorOf(answer)).toMatchObject({ code, message: expect.any(String) });
    expect(answer.headers.get('x-request-id')).not.toBeNull();
  });

  it('of a token that there is not names the field', async () => {
    const answer = await ask(createServer(model), '/detokenize', post({ tokens: [1, 99999] }));
    expect(await errorOf(answer)).toMatchObject({ param: 'tokens', code: 'invalid_token' });
  });

  it('is too long too where it comes in pieces', async () => {
    const piece = new Uint8Array(2 ** 16).fill(0x20);
    let sent = 0;
    const body = new ReadableStream({
      pull(controller) {
        sent += 1;
        controller.enqueue(piece);
      },
    });
    const init = { method: 'POST', headers: json, body, duplex: 'half' } as RequestInit;
    expect((await ask(createServer(model), '/v1/completions', init)).status).toBe(413);
    expect(sent).toBeLessThan(20);
  });
});

describe('a server without its model', () => {
  const PATHS = ['/health', '/v1/models'];
  const states = async (app: Server, code: string) => {
    const answers = [
      ...PATHS.map((path) => ask(app, path)),
      ask(app, '/v1/completions', post(SHORT)),
      ask(app, '/tokenize', post({ content: 'a' })),
    ];
    for (const answer of await Promise.all(answers)) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get('retry-after')).toBe('1');
      expect(await errorOf(answer)).toMatchObject({ type: 'unavailable', code });
    }
  };

  it('says that it is on its way, until it is there', async () => {
    let arrive = (_: Model) => {};
    const loading = new Promise<Model>((resolve) => {
      arrive = resolve;
    });
    const app = createServer(loading);
    await states(app, 'loading');
    arrive(model);
    await loading;
    expect(await (await ask(app, '/health')).json()).toEqual({ status: 'ok' });
  });

  it('says that it could not be loaded', async () => {
    const loading = loadModel('/nowhere');
    const app = createServer(loading);
    await expect(loading).rejects.toThrow();
    await states(app, 'load_failed');
  });

  it('says that it is going away', async () => {
    const app = createServer(model);
    await app.drain(1000);
    await states(app, 'draining');
  });
});

it('text becomes tokens and tokens text', async () => {
  const app = createServer(model);
  const answer = await ask(app, '/tokenize', post({ content: 'Once upon a time' }));
  const { tokens } = (await answer.json()) as { tokens: number[] };
  expect(tokens).toEqual(await model.encode('Once upon a time'));
  const back = await ask(app, '/detokenize', post({ tokens }));
  expect(await back.json()).toEqual({ content: 'Once upon a time' });
});

it('the metrics tell what was done', async () => {
  const app = createServer(model);
  await (
    await ask(app, '/v1/completions', post({ ...SHORT, ...NO_END, prompt: [5, 6, 7], n: 3 }))
  ).text();
  await ask(app, '/v1/completions', post({ n: 0 }));
  await ask(app, '/secret/path');
  const answer = await ask(app, '/metrics');
  expect(answer.headers.get('content-type')).toContain('text/plain');
  const text = await answer.text();
  for (const line of [
    'kelvin_requests_total{route="/v1/completions",code="200"} 1',
    'kelvin_requests_total{route="/v1/completions",code="400"} 1',
    'kelvin_requests_total{route="other",code="404"} 1',
    'kelvin_prompt_tokens_total 3',
    'kelvin_completion_tokens_total 6',
    'kelvin_time_to_first_token_seconds_count 3',
    'kelvin_inter_token_seconds_count 3',
    'kelvin_active 0',
    'kelvin_queue_depth 0',
    'kelvin_cancelled_total 0',
  ])
    expect(text).toContain(line);
  expect(text).not.toContain('secret');
});

it('the log tells of requests, and never what they say', async () => {
  const lines: [object, string][] = [];
  const log = {
    info: (fields: object, message: string) => lines.push([fields, message]),
    error: (fields: object, message: string) => lines.push([fields, message]),
  };
  const app = createServer(model, { log, apiKey: 'the-key' });
  const headers = { ...json, authorization: 'Bearer the-key' };
  const body = { ...SHORT, ...NO_END, prompt: 'A secret wish', user: 'someone', stop: 'hidden' };
  const whole = await ask(app, '/v1/completions', post(body, headers));
  const { choices } = (await whole.json()) as { choices: { text: string }[] };
  const stream = await ask(app, '/v1/completions', post({ ...body, stream: true }, headers));
  expect(lines).toHaveLength(1);
  await stream.text();
  await ask(app, '/v1/completions', post({ prompt: 'A secret wish', top_p: 'hidden' }, headers));
  const told = { route: '/v1/completions', status: 200, user: 'someone', tokens: 2 };
  expect(lines.map(([fields]) => fields)).toMatchObject([
    { ...told, stream: false, finished: ['length'] },
    { ...told, stream: true, finished: ['length'] },
    { status: 400 },
  ]);
  const all = JSON.stringify(lines);
  for (const secret of ['secret', 'hidden', 'the-key', choices[0]!.text])
    expect(all).not.toContain(JSON.stringify(secret).slice(1, -1));
});

describe('options', () => {
  it.each([
    [{ parallel: 0 }, 'parallel must be an integer ≥ 1, got 0'],
    [{ paralel: 1 }, 'did you mean "parallel"'],
    [{ deadline: 0 }, 'deadline must be a number in (0, 2000000], got 0'],
    [{ hosts: 'localhost' }, 'hosts must be a list'],
    [{ apiKey: '' }, 'apiKey must be one or more'],
    [{ log: {} }, 'log must be an object'],
  ] as [ServerOptions, string][])('%j is refused', (options, message) => {
    expect(() => createServer(model, options)).toThrow(message);
  });

  it('a host that others can reach needs a key', async () => {
    const open = listen(createServer(model), { port: 0, host: '0.0.0.0' });
    await expect(open).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringMatching(/^host must be an address of this machine alone .*0\.0\.0\.0/),
    });
    const server = await listen(createServer(model, { apiKey: 'k' }), { port: 0, host: '0.0.0.0' });
    const again = listen(createServer(model), { port: Number(new URL(server.url).port) });
    await expect(again).rejects.toMatchObject({ message: expect.stringContaining('EADDRINUSE') });
    await server.close();
  });
});
