// Many clients at once: none may show in another's text.
import { createServer, listen } from 'kelvin/server';
import OpenAI from 'openai';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Running, run } from './running.ts';
import { flood, stuck } from './wrapped.ts';

let server: Running;
beforeAll(async () => {
  server = await run({ parallel: 20, queue: 64 });
});
afterAll(() => server.stop());

const prompts = ['Once upon a time', 'One day, a fox', 'Tom had a red ball.', 'The', ''];
const asked = (i: number) => ({
  model: 'kelvin-story',
  prompt: prompts[i % prompts.length]!,
  seed: i,
  temperature: 0.5 + (i % 4) / 4,
  max_tokens: 16 + ((i * 13) % 64),
  ...(i % 3 === 0 ? { frequency_penalty: 0.5 } : { top_p: 0.9 }),
});

/** A text in pieces: the pieces joined, how many tokens the usage counts, why it ended. */
async function streamed(i: number, client = server.client) {
  const stream = await client.completions.create({
    ...asked(i),
    stream: true,
    logprobs: 0,
    stream_options: { include_usage: true },
  });
  let text = '';
  let told = 0;
  let finished = '';
  let tokens = 0;
  for await (const { choices, usage } of stream) {
    text += choices[0]?.text ?? '';
    told += choices[0]?.logprobs?.tokens?.length ?? 0;
    finished += choices[0]?.finish_reason ?? '';
    tokens += usage?.completion_tokens ?? 0;
  }
  return { text, told, tokens, finished };
}

it('32 clients get what each would get alone, no token lost or told twice', async () => {
  const count = 32;
  const alone = [];
  for (let i = 0; i < count; i++) alone.push(await streamed(i));
  const together = await Promise.all(Array.from({ length: count }, (_, i) => streamed(i)));
  expect(together).toEqual(alone);
  for (const { told, tokens } of together) expect(told).toBe(tokens);
  expect(new Set(together.map(({ text }) => text)).size).toBe(count);
});

it('clients that leave take nothing from those that stay', async () => {
  const alone = await streamed(7);
  const leaving = Array.from({ length: 24 }, async (_, i) => {
    const stream = await server.client.completions.create({ ...asked(i), stream: true });
    let left = i % 5;
    for await (const _ of stream) if (left-- === 0) break;
  });
  const staying = Array.from({ length: 8 }, () => streamed(7));
  await Promise.all(leaving);
  expect(await Promise.all(staying)).toEqual(Array(8).fill(alone));
});

it('a reader that stops reading holds up nobody else, and loses nothing', async () => {
  const alone = await streamed(3);
  const { model, made } = flood(server.model, 'flood');
  const flooded = await listen(createServer(model, { parallel: 4 }), { port: 0 });
  const client = new OpenAI({ baseURL: `${flooded.url}/v1`, apiKey: 'any' });
  const many = { prompt: 'flood', max_tokens: 400, stream: true, n: 2 };
  const reader = await stuck(flooded.url, many);
  const others = Array.from({ length: 8 }, () => streamed(3, client));
  expect(await Promise.all(others)).toEqual(Array(8).fill(alone));
  // 25 MB each are more than was taken off the model's hands.
  expect(made()).toBeLessThan(800);
  const text = await reader.rest();
  expect(made()).toBe(800);
  expect(text.match(/"finish_reason":"length"/g)).toHaveLength(2);
  expect(text.match(/x{65536}/g)).toHaveLength(800);
  expect(text.includes('data: [DONE]')).toBe(true);
  await flooded.close();
});
