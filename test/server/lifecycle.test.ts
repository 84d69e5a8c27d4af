// Over the socket: queue, deadlines, clients that go away, and the end.
import { loadModel, type Model, type Summary } from 'kelvin';
import { createServer, listen, type ServerOptions } from 'kelvin/server';
import OpenAI, { APIError, RateLimitError } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flood, stuck, withRun } from './wrapped.ts';

let model: Model;
beforeAll(async () => {
  model = await loadModel();
});
afterAll(() => model.dispose());

/** As long a text as fits; nothing ends it. */
const LONG = { model: 'kelvin-story', prompt: 'Once', max_tokens: 500, logit_bias: { '0': -100 } };
const SHORT = { model: 'kelvin-story', prompt: 'Once', max_tokens: 2 };

interface Watched {
  readonly client: OpenAI;
  readonly url: string;
  /** How the texts ended in the model's own thread. */
  readonly ended: Summary[];
  stop(): Promise<void>;
}

/** The model, of which each text waits at its n-th token until it is let go on. */
function gated(count: number): { model: Model; open(): void; waiting: Promise<void> } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  let arrived = () => {};
  const waiting = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const gate: Model['run'] = async function* (request, signal, progress) {
    const steps = model.run(request, signal, progress);
    for (;;) {
      const { done, value } = await steps.next();
      if (done) return value;
      yield value;
      if (value.index + 1 !== count) continue;
      arrived();
      const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
      await Promise.race([opened, aborted]);
    }
  };
  return { model: withRun(model, gate), open, waiting };
}

async function serve(options: ServerOptions = {}, served: Model = model): Promise<Watched> {
  const ended: Summary[] = [];
  const watched = withRun(model, async function* (request, signal, progress) {
    const summary = yield* served.run(request, signal, progress);
    ended.push(summary);
    return summary;
  });
  const listening = await listen(createServer(watched, options), { port: 0 });
  const client = new OpenAI({ baseURL: `${listening.url}/v1`, apiKey: 'any', maxRetries: 0 });
  return { client, url: listening.url, ended, stop: () => listening.close() };
}

const metric = async (url: string, name: string) =>
  Number(
    new RegExp(`^${name} (\\S+)$`, 'm').exec(await (await fetch(`${url}/metrics`)).text())?.[1],
  );

describe('the queue', () => {
  it('sends away whoever comes when it is full, and lets the others in by turns', async () => {
    const gate = gated(1);
    const server = await serve({ parallel: 1, queue: 1 }, gate.model);
    const order: string[] = [];
    const ask = async (name: string) => {
      await server.client.completions.create(SHORT);
      order.push(name);
    };
    const first = ask('first');
    await gate.waiting;
    const second = ask('second');
    while ((await metric(server.url, 'kelvin_queue_depth')) < 1);
    const third = await server.client.completions.create(SHORT).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(third).toBeInstanceOf(RateLimitError);
    expect(third).toMatchObject({ status: 429, code: 'queue_full', type: 'rate_limit_error' });
    expect((third as RateLimitError).headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    // The official client comes back by itself, as it was told.
    const patient = server.client.completions.create(SHORT, { maxRetries: 3 });
    gate.open();
    await Promise.all([first, second, patient]);
    expect(order).toEqual(['first', 'second']);
    expect(await metric(server.url, 'kelvin_active')).toBe(0);
    await server.stop();
  });

  it('is never longer than it may be, however many come at once', async () => {
    const gate = gated(1);
    const app = createServer(gate.model, { parallel: 2, queue: 4 });
    const headers = { 'content-type': 'application/json' };
    const url = 'http://localhost/v1/completions';
    const init = { method: 'POST', headers, body: JSON.stringify(SHORT) };
    const asked = Array.from({ length: 100 }, () => app.fetch(new Request(url, init)));
    const refused = new Promise<void>((resolve) => {
      let left = 94;
      for (const answer of asked) void answer.then(() => --left === 0 && resolve());
    });
    await refused;
    gate.open();
    const codes = (await Promise.all(asked)).map(({ status }) => status);
    expect(codes.filter((code) => code === 200)).toHaveLength(6);
    expect(codes.filter((code) => code === 429)).toHaveLength(94);
  });

  it('lets in one request alone, whatever it asks for', async () => {
    const app = createServer(model, { parallel: 1, queue: 0 });
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ ...SHORT, n: 3 });
    const ask = () =>
      app.fetch(new Request('http://localhost/v1/completions', { method: 'POST', headers, body }));
    expect((await ask()).status).toBe(200);
    expect((await ask()).status).toBe(200);
  });

  it('is left by whoever has waited long enough', async () => {
    const gate = gated(1);
    const server = await serve({ parallel: 1, queue: 4, patience: 0.4 }, gate.model);
    const first = server.client.completions.create(SHORT);
    await gate.waiting;
    await expect(server.client.completions.create(SHORT, { maxRetries: 2 })).rejects.toMatchObject({
      status: 504,
      code: 'deadline_exceeded',
      message: expect.stringContaining('its turn did not come'),
    });
    expect(await metric(server.url, 'kelvin_queue_depth')).toBe(0);
    gate.open();
    await first;
    await server.stop();
  });
});

describe('a deadline', () => {
  it('ends a text, and says so before or in it', async () => {
    const gate = gated(3);
    const server = await serve({ deadline: 0.3 }, gate.model);
    const late = { status: 504, type: 'timeout_error' };
    // Asking again would take as long, so the official client does not.
    const whole = server.client.completions.create(LONG, { maxRetries: 2 });
    await expect(whole).rejects.toMatchObject(late);
    expect(server.ended).toHaveLength(1);
    const stream = await server.client.completions.create({ ...LONG, stream: true });
    let pieces = 0;
    const read = async () => {
      for await (const chunk of stream) pieces += chunk.choices.length;
    };
    const error = await read().then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(APIError);
    expect((error as APIError).error).toMatchObject({ code: 'deadline_exceeded' });
    expect(pieces).toBe(3);
    await server.stop();
    expect(server.ended.map(({ finishReason }) => finishReason)).toEqual(['abort', 'abort']);
  });
});

describe('a client that stops reading', () => {
  it('holds its slot no longer than it may', async () => {
    const server = await serve({ parallel: 1, deadline: 1 }, flood(model, 'flood').model);
    const reader = await stuck(server.url, { prompt: 'flood', max_tokens: 400, stream: true });
    await server.client.completions.create(SHORT);
    expect(server.ended.map(({ finishReason }) => finishReason)).toEqual(['abort', 'length']);
    expect(await reader.rest()).toContain('"code":"deadline_exceeded"');
    await server.stop();
  });

  it('does not keep the server from ending', async () => {
    const listening = await listen(createServer(flood(model, 'flood').model), { port: 0 });
    await stuck(listening.url, { prompt: 'flood', max_tokens: 400, stream: true });
    await listening.close(0);
  });
});

describe('a client that goes away', () => {
  // The model's thread is at most so far ahead of whoever reads.
  const AHEAD = 16;

  it('in the middle of a stream frees its slot at once', async () => {
    const gate = gated(4);
    const server = await serve({ parallel: 1 }, gate.model);
    const stream = await server.client.completions.create({ ...LONG, stream: true });
    let read = 0;
    for await (const { choices } of stream) if (choices[0]!.text !== '' && ++read === 3) break;
    // It waits for the slot, which nobody else gives back.
    gate.open();
    await server.client.completions.create(SHORT);
    const [left] = server.ended;
    expect(left!.finishReason).toBe('abort');
    expect(left!.tokens).toBeLessThanOrEqual(4 + AHEAD + 1);
    expect(await metric(server.url, 'kelvin_cancelled_total')).toBe(1);
    await server.stop();
  });

  it('while it waits for the whole text frees its slot at once', async () => {
    const gate = gated(4);
    const server = await serve({ parallel: 1 }, gate.model);
    const abort = new AbortController();
    const asked = server.client.completions.create(LONG, { signal: abort.signal });
    await gate.waiting;
    abort.abort();
    await expect(asked).rejects.toThrow('aborted');
    // It waits for the slot.
    await server.client.completions.create(SHORT);
    gate.open();
    expect(server.ended[0]!.finishReason).toBe('abort');
    expect(server.ended[0]!.tokens).toBeLessThanOrEqual(4 + AHEAD + 1);
    expect(await metric(server.url, 'kelvin_cancelled_total')).toBe(1);
    await server.stop();
  });

  it('while it waits for its turn leaves the queue', async () => {
    const gate = gated(1);
    const server = await serve({ parallel: 1 }, gate.model);
    const first = server.client.completions.create(SHORT);
    await gate.waiting;
    const abort = new AbortController();
    const second = server.client.completions.create(SHORT, { signal: abort.signal });
    while ((await metric(server.url, 'kelvin_queue_depth')) < 1);
    abort.abort();
    await expect(second).rejects.toThrow('aborted');
    while ((await metric(server.url, 'kelvin_queue_depth')) > 0);
    gate.open();
    await first;
    expect(server.ended).toHaveLength(1);
    await server.stop();
  });
});

describe('the end', () => {
  it('waits for what was begun', async () => {
    const gate = gated(2);
    const server = await serve({}, gate.model);
    const stream = await server.client.completions.create({
      ...LONG,
      max_tokens: 40,
      stream: true,
    });
    await gate.waiting;
    const stopped = server.stop();
    gate.open();
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.at(-1)!.choices[0]!.finish_reason).toBe('length');
    await stopped;
    await expect(server.client.completions.create(SHORT)).rejects.toThrow('Connection error');
  });

  it('does not wait forever', async () => {
    const gate = gated(2);
    const listening = await listen(createServer(gate.model), { port: 0 });
    const client = new OpenAI({ baseURL: `${listening.url}/v1`, apiKey: 'any', maxRetries: 0 });
    const asked = client.completions.create(LONG);
    const refused = expect(asked).rejects.toMatchObject({ status: 503, code: 'draining' });
    await gate.waiting;
    await listening.close(0);
    await refused;
  });
});
