// Requests as nobody should write them: each must be answered, none with a 500.
import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { loadModel, type Model } from 'kelvin';
import { samplingOptions } from 'kelvin/sampling';
import { createServer, type Listening, listen, type Server } from 'kelvin/server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chatModel } from '../model/chat-model.ts';

let model: Model;
let app: Server;
let listening: Listening;
beforeAll(async () => {
  model = await loadModel(chatModel());
  app = createServer(model, { deadline: 30 });
  listening = await listen(app, { port: 0 });
});
afterAll(async () => {
  // Still there, and with nothing left over.
  const metrics = await (await fetch(`${listening.url}/metrics`)).text();
  // Some of them were right, and were not only turned away at the door.
  expect(metrics).toMatch(/code="200"} \d{2}/);
  expect(metrics).toContain('kelvin_active 0');
  expect(metrics).toContain('kelvin_queue_depth 0');
  expect(metrics.match(/.*code="5\d\d".*/g)).toBeNull();
  await listening.close();
  await model.dispose();
});

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const FIELDS = [
  ...Object.keys(samplingOptions).map(snake),
  ...['model', 'n', 'max_tokens', 'max_completion_tokens', 'stop', 'stream', 'stream_options'],
  ...['user', 'prompt', 'messages', 'logprobs', 'top_logprobs', 'response_format', 'tools', 'echo'],
  ...['content', 'tokens', '__proto__', 'constructor', 'toString', ''],
];

const strange = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 0, 1.5, 2 ** 53, -(2 ** 63), 1e308, 5e-324, '', '0'),
  fc.constantFrom<unknown>(
    'Infinity',
    '-Infinity',
    'NaN',
    [],
    {},
    [[]],
    [null],
    '\u0000',
    '\uD800',
  ),
  fc.constantFrom<unknown>(
    { type: 'json_object' },
    { include_usage: 1 },
    { '-1': 1 },
    { '1e3': 1 },
  ),
  fc.constantFrom<unknown>({ '0': null }, { '5': '-Infinity' }, [0, 0], [2047], [2048], [1e9]),
  fc.constantFrom<unknown>(
    { multiplier: 1e308, base: 1 },
    { version: 1, tau: 0 },
    { range: 1e308 },
  ),
  fc.constantFrom<unknown>(
    [{ role: 'user', content: [{ type: 'text', text: '' }] }],
    'temperature',
  ),
  fc.integer(),
  fc.double(),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.jsonValue({ maxDepth: 4 }),
);
/** What is right by itself, and more often than not beside the rest. */
const fair: Readonly<Record<string, unknown>> = {
  ...{ top_k: 5, top_p: 0.5, min_p: '0', temperature: 2, seed: 3, n: 2, stop: ['a', 'b'] },
  ...{
    logit_bias: { '5': 3 },
    allowed_tokens: [5, 6],
    banned_tokens: [7],
    end_tokens: [],
    top_a: 9,
  },
  ...{ repetition_penalty: 1e300, presence_penalty: -1e300, stream: true, logprobs: 3, user: '' },
  ...{ dry: { multiplier: 1e308 }, xtc: { probability: 1, threshold: 0 }, order: ['temperature'] },
  ...{
    dynamic_temperature: { range: 1e308 },
    mirostat: { version: 1, tau: 0.1 },
    bad_words: [[5]],
  },
};
const field = fc.oneof(
  fc.tuple(fc.constantFrom(...FIELDS), strange),
  fc.constantFrom(...Object.entries(fair)),
);
const SENSIBLE: Readonly<Record<string, object>> = {
  '/v1/completions': { prompt: 'Once' },
  '/v1/chat/completions': { messages: [{ role: 'user', content: 'Hello' }] },
  '/tokenize': { content: 'Once' },
  '/detokenize': { tokens: [5] },
};
const PATHS = Object.keys(SENSIBLE);
const body = fc
  .tuple(fc.constantFrom(...Object.values(SENSIBLE), {}), fc.array(field, { maxLength: 4 }))
  .map(([base, fields]) => ({
    ...base,
    // What happens to be right must not write on and on.
    ...(('prompt' in base || 'messages' in base) && { max_tokens: 2 }),
    ...Object.fromEntries(fields),
  }));
const deep = fc
  .tuple(fc.integer({ min: 1, max: 100_000 }), fc.constantFrom('[', '{"a":'))
  .map(([depth, open]) => `{"prompt": ${open.repeat(depth)}`);
const closed = fc
  .integer({ min: 1, max: 20_000 })
  .map((depth) => `{"dry": ${'['.repeat(depth)}${']'.repeat(depth)}, "prompt": ""}`);
const text = fc.oneof(
  { weight: 20, arbitrary: body.map((fields) => JSON.stringify(fields)) },
  { weight: 1, arbitrary: deep },
  { weight: 1, arbitrary: closed },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('{"n": 1e999, "prompt": ""}', '{"seed": -0}', '1', 'null'),
  },
);
/** Bytes of a request, now and then cut short or with one byte changed. */
const bytes = fc
  .tuple(
    text,
    fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { freq: 1 }),
    fc.option(fc.nat(255), { freq: 1 }),
  )
  .map(([text, cut, other]) => {
    const whole = Buffer.from(text);
    const kept = cut === null || cut > 0.5 ? whole : whole.subarray(0, cut * 2 * whole.length);
    if (other !== null && kept.length > 0) kept[other % kept.length] = other;
    return kept;
  });
const TYPES = ['application/json', 'application/json; charset=latin1', 'text/plain', 'x', ''];
const type = fc.oneof(
  { weight: 20, arbitrary: fc.constant('application/json') },
  { weight: 1, arbitrary: fc.constantFrom(...TYPES) },
);

const STATUSES = [200, 400, 404, 405, 413, 415];

async function check(answer: Response): Promise<void> {
  expect(STATUSES).toContain(answer.status);
  const text = await answer.text();
  if (answer.status === 200) return expect(text).not.toContain('server_error');
  const { error } = JSON.parse(text);
  expect(Object.keys(error)).toEqual(['message', 'type', 'param', 'code']);
  expect(error.message.length).toBeLessThan(2000);
}

describe('malformed requests', () => {
  it('4,700 of them in this process', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...PATHS), bytes, type, async (path, bytes, type) => {
        const headers: Record<string, string> = type === '' ? {} : { 'content-type': type };
        const init = { method: 'POST', headers, body: new Uint8Array(bytes) };
        await check(await app.fetch(new Request(`http://localhost${path}`, init)));
      }),
      { numRuns: 4700 },
    );
  });

  it('300 over the socket, some of them not even HTTP', async () => {
    const { hostname, port } = new URL(listening.url);
    const method = fc.constantFrom(
      'POST',
      'POST',
      'POST',
      'GET',
      'PUT',
      'OPTIONS',
      'BREW',
      '\u0001',
    );
    const path = fc.oneof(fc.constantFrom(...PATHS), fc.constantFrom('*', '//', '/%', '/\\', 'x'));
    const host = fc.constantFrom('localhost', 'localhost', 'localhost', '', 'a b', '[::1', 'evil');
    const length = fc.constantFrom('right', 'right', 'right', 'more', 'less', '-1', 'x', 'chunked');
    await fc.assert(
      fc.asyncProperty(
        method,
        path,
        host,
        length,
        bytes,
        async (method, path, host, length, body) => {
          const socket = connect(Number(port), hostname);
          socket.on('error', () => {});
          const sizes: Record<string, string> = {
            right: `content-length: ${body.length}`,
            more: `content-length: ${body.length + 9}`,
            less: `content-length: ${body.length >> 1}`,
            chunked: 'transfer-encoding: chunked',
          };
          const size = sizes[length] ?? `content-length: ${length}`;
          const head = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: close\r\ncontent-type: application/json\r\n${size}\r\n\r\n`;
          socket.end(Buffer.concat([Buffer.from(head), body]));
          const chunks: Buffer[] = [];
          socket.on('data', (chunk: Buffer) => chunks.push(chunk));
          await once(socket, 'close');
          const status = /^HTTP\/1\.1 (\d+)/.exec(Buffer.concat(chunks).toString('latin1'))?.[1];
          // A request that is cut short may find nobody to answer to.
          if (status !== undefined) expect(Number(status)).toBeLessThan(500);
        },
      ),
      { numRuns: 300 },
    );
    expect((await fetch(`${listening.url}/health`)).status).toBe(200);
  });
});
