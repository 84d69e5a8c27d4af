// What a stream does while there is nothing to tell.
import { loadModel, type Model } from 'kelvin';
import { createServer, listen, type ServerOptions } from 'kelvin/server';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withRun } from './wrapped.ts';

let model: Model;
beforeAll(async () => {
  model = await loadModel();
});
afterAll(() => model.dispose());

const ASKED = { model: 'kelvin-story', prompt: 'Once', max_tokens: 3, seed: 4, stream: true };
const PING = ': ping\n\n';

/** The model, whose texts wait before their n-th token until they are let go on, or fail. */
function waiting(count: number): { model: Model; go(): void; fail(error: Error): void } {
  let go = () => {};
  let fail = (_: Error) => {};
  const gate = new Promise<void>((resolve, reject) => {
    go = resolve;
    fail = reject;
  });
  gate.catch(() => {});
  const run: Model['run'] = async function* (request, signal, progress) {
    const aborted = new Promise<void>((resolve) =>
      signal.addEventListener('abort', () => resolve()),
    );
    const steps = model.run(request, signal, progress);
    for (let index = 0; ; index++) {
      if (index === count) await Promise.race([gate, aborted]);
      const { done, value } = await steps.next();
      if (done) return value;
      yield value;
    }
  };
  return { model: withRun(model, run), go, fail };
}

const asked = (prompt = 'Once', signal: AbortSignal | null = null) => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ ...ASKED, prompt }),
  signal,
});
const URL = 'http://localhost/v1/completions';
const ask = (served: Model, options: ServerOptions) =>
  createServer(served, options).fetch(new Request(URL, asked()));

/** The events of a stream, as they are sent. */
async function* sent({ body }: Response): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of body!) yield decoder.decode(chunk);
}

const rest = async (events: AsyncIterable<string>) => {
  const all: string[] = [];
  for await (const event of events) if (event !== PING) all.push(event);
  return all;
};
const texts = (events: readonly string[]) =>
  events
    .filter((event) => event.startsWith('data: {'))
    .map((event) => JSON.parse(event.slice('data: '.length)).choices[0].text)
    .join('');

describe('a stream in which nothing happens', () => {
  it.each([
    ['before its first token', 0],
    ['between two tokens', 2],
  ])('says that it is still there, %s', async (_, count) => {
    const { text } = await written();
    const gate = waiting(count);
    const answer = await ask(gate.model, { ping: 0.001 });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const events = sent(answer);
    const before: string[] = [];
    let pings = 0;
    while (pings < 3) {
      const event = (await events.next()).value as string;
      if (event === PING) pings += 1;
      else before.push(event);
    }
    gate.go();
    const all = [...before, ...(await rest(events))];
    expect(texts(all)).toBe(text);
    expect(all.at(-1)).toBe('data: [DONE]\n\n');
  });

  it('is quiet where that is not wanted', async () => {
    const gate = waiting(0);
    let isAnswered = false;
    const quiet = ask(gate.model, { ping: 0 }).finally(() => {
      isAnswered = true;
    });
    const other = sent(await ask(gate.model, { ping: 0.001 }));
    for (let i = 0; i < 5; i++) expect((await other.next()).value).toBe(PING);
    expect(isAnswered).toBe(false);
    gate.go();
    expect(await (await quiet).text()).not.toContain('ping');
    await rest(other);
  });

  it('is heard of through a socket at once', async () => {
    const gate = waiting(0);
    const server = await listen(createServer(gate.model, { ping: 0.001 }), { port: 0 });
    const answer = await fetch(`${server.url}/v1/completions`, asked());
    const events = sent(answer);
    expect((await events.next()).value).toMatch(/^(: ping\n\n)+$/);
    gate.go();
    expect((await rest(events)).join('')).toContain('data: [DONE]');
    await server.close();
  });

  it('is read by the official client as any other', async () => {
    const gate = waiting(1);
    const app = createServer(gate.model, { ping: 0.001 });
    let pings = 0;
    const client = new OpenAI({
      baseURL: 'http://localhost/v1',
      apiKey: 'any',
      async fetch(url, init) {
        const answer = await app.fetch(new Request(url, init));
        const counted = new TransformStream<Uint8Array, Uint8Array>({
          transform(chunk, controller) {
            if (new TextDecoder().decode(chunk) === PING && ++pings === 5) gate.go();
            controller.enqueue(chunk);
          },
        });
        return new Response(answer.body!.pipeThrough(counted), answer);
      },
    });
    const stream = await client.completions.create({ ...ASKED, stream: true });
    let text = '';
    for await (const { choices } of stream) text += choices[0]!.text;
    expect(text).toBe((await written()).text);
    expect(pings).toBeGreaterThanOrEqual(5);
  });

  it('ends where its reader leaves, and frees its place', async () => {
    const gate = waiting(0);
    const app = createServer(gate.model, { ping: 0.001, parallel: 1 });
    const abort = new AbortController();
    const first = sent(await app.fetch(new Request(URL, asked('Once', abort.signal))));
    expect((await first.next()).value).toBe(PING);
    const second = app.fetch(new Request(URL, asked()));
    abort.abort();
    expect(await rest(first)).toEqual([]);
    gate.go();
    expect(texts(await rest(sent(await second)))).toBe((await written()).text);
  });
});

describe('what goes wrong before the first token', () => {
  const broken = new Error('broken on purpose');

  it('is a status where it is early enough', async () => {
    const gate = waiting(0);
    gate.fail(broken);
    expect((await ask(gate.model, { ping: 60 })).status).toBe(500);
    const long = new Request(URL, asked('once '.repeat(1000)));
    expect((await createServer(model).fetch(long)).status).toBe(400);
  });

  it('is an event of the stream where it has begun', async () => {
    const gate = waiting(0);
    const answer = await ask(gate.model, { ping: 0.001 });
    expect(answer.status).toBe(200);
    const events = sent(answer);
    expect((await events.next()).value).toBe(PING);
    gate.fail(broken);
    const [failure, ...others] = await rest(events);
    expect(others).toEqual([]);
    expect(JSON.parse(failure!.slice('data: '.length))).toMatchObject({
      error: { type: 'server_error' },
    });
  });
});

/** What the request writes without any waiting. */
async function written(): Promise<{ text: string }> {
  const all = await rest(sent(await ask(model, {})));
  return { text: texts(all) };
}
