// JSON by the official client.
import type OpenAI from 'openai';
import { BadRequestError } from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isValid } from '../generation/json-schema.ts';
import { chatModel } from '../model/chat-model.ts';
import { type Running, run } from './running.ts';

let server: Running;
beforeAll(async () => {
  server = await run({ parallel: 16 }, chatModel());
});
afterAll(() => server.stop());

const messages = [{ role: 'user' as const, content: 'Tell me of a fox.' }];
const settings = { temperature: 1.2, max_tokens: 200 };

/** Eight schemas, no two alike. */
const schemas = Array.from({ length: 8 }, (_, i) => ({
  type: 'object',
  properties: {
    name: { type: 'string', maxLength: 10 + i },
    [`kind${i}`]: { enum: [`a${i}`, `b${i}`, null] },
    count: { type: 'integer', minimum: i, maximum: 3 * i + 100 },
  },
  required: ['name', `kind${i}`],
  additionalProperties: false,
}));
const formatOf = (schema: Record<string, unknown>, strict?: boolean | null) => ({
  type: 'json_schema' as const,
  json_schema: { name: 'fox', description: 'a fox', schema, strict },
});
const asked = (i: number) => ({
  ...{ model: server.model.info.name, messages, ...settings, seed: i },
  response_format: formatOf(schemas[i]!, [true, false, null, undefined][i % 4]),
});

async function streamed(i: number): Promise<string> {
  const stream = await server.client.chat.completions.create({ ...asked(i), stream: true });
  let text = '';
  for await (const { choices } of stream) text += choices[0]?.delta.content ?? '';
  return text;
}

it('eight clients get each what its own schema says, and what they would alone', async () => {
  const alone = [];
  for (let i = 0; i < 8; i++) {
    const { choices } = await server.client.chat.completions.create(asked(i));
    expect(choices[0]!.finish_reason).toBe('stop');
    const { content } = choices[0]!.message;
    expect(isValid(JSON.parse(content!), schemas[i])).toBe(true);
    alone.push(content);
  }
  expect(await Promise.all(schemas.map((_, i) => streamed(i)))).toEqual(alone);
});

it('the client parses it by itself', async () => {
  const { choices } = await server.client.chat.completions.parse(asked(3));
  expect(isValid(choices[0]!.message.parsed, schemas[3])).toBe(true);
});

it('json_object is an object, and text anything; for texts to go on from too', async () => {
  const ask = (type: 'json_object' | 'text') =>
    server.client.completions.create({
      ...{ model: server.model.info.name, prompt: 'Once upon a time', max_tokens: 20, seed: 4 },
      ...{ response_format: { type } },
    });
  const [object, text] = await Promise.all([ask('json_object'), ask('text')]);
  expect(object.choices[0]!.text).toMatch(/^\{/);
  expect(text.choices[0]!.text).not.toMatch(/^\{/);
  const { choices } = await server.client.chat.completions.create({
    ...{ model: server.model.info.name, messages, seed: 5, max_tokens: 20, n: 3 },
    response_format: { type: 'json_object' },
  });
  for (const { message } of choices) expect(message.content).toMatch(/^\{/);
});

describe('is refused by name', () => {
  const schemaOf = (schema: object) => formatOf(schema as Record<string, unknown>);
  const schema = 'response_format.json_schema.schema';
  const properties = { age: { type: 'integer', multipleOf: 3 } };
  let deep: object = {};
  for (let i = 0; i < 500; i++) deep = { anyOf: [deep] };

  it.each([
    [schemaOf({ type: 'object', properties }), `${schema}.properties.age.multipleOf`],
    [schemaOf({ type: 'string', pattern: '(a+)+$' }), `${schema}.pattern`],
    [schemaOf({ type: 'array', minItems: 1e6 }), `${schema}.minItems`],
    [schemaOf({ enum: Array.from({ length: 5000 }, (_, i) => i) }), `${schema}.enum`],
    [schemaOf({ anyOf: [{ $ref: '#' }, {}] }), `${schema}.anyOf[0].$ref.anyOf[0].$ref`],
    [schemaOf(deep), schema],
    [schemaOf({ enum: ['x'.repeat(70_000)] }), schema],
    [{ type: 'json_schema', json_schema: { name: 'a' } }, schema],
    [{ type: 'json_schema', json_schema: { schema: {} } }, 'response_format.json_schema.name'],
    [
      { type: 'json_schema', json_schema: { name: 'a b', schema: {} } },
      'response_format.json_schema.name',
    ],
    [{ type: 'json_schema' }, 'response_format.json_schema'],
    [{ type: 'json_object', schema: {} }, 'response_format.schema'],
    [{ type: 'grammar' }, 'response_format.type'],
    ['json', 'response_format'],
  ])('%j', async (response_format, param) => {
    const body = { ...asked(0), response_format } as unknown;
    const error = await server.client.chat.completions
      .create(body as OpenAI.ChatCompletionCreateParamsNonStreaming)
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(error).toBeInstanceOf(BadRequestError);
    expect(error).toMatchObject({ status: 400, param, type: 'invalid_request_error' });
  });
});

it('schemas made to hurt are answered while others go on', async () => {
  const alone = await streamed(1);
  let deep: object = {};
  for (let i = 0; i < 1000; i++) deep = { items: deep, type: 'array' };
  const wide = Object.fromEntries(Array.from({ length: 3000 }, (_, i) => [`k${i}`, { enum: [i] }]));
  const bombs = [deep, { type: 'object', properties: wide }, { type: 'string', pattern: '(a+)+$' }];
  const [texts, answers] = await Promise.all([
    Promise.all(Array.from({ length: 4 }, () => streamed(1))),
    Promise.allSettled(
      bombs.map((schema) =>
        server.client.chat.completions.create({
          ...asked(1),
          response_format: formatOf(schema as Record<string, unknown>),
        }),
      ),
    ),
  ]);
  expect(texts).toEqual(Array(4).fill(alone));
  for (const answer of answers)
    expect(answer).toMatchObject({ status: 'rejected', reason: { status: 400 } });
});

it('clients that leave in the middle take nothing from those that stay', async () => {
  const alone = await streamed(2);
  const leaving = Array.from({ length: 12 }, async (_, i) => {
    const stream = await server.client.chat.completions.create({ ...asked(i % 8), stream: true });
    let left = i % 4;
    for await (const _ of stream) if (left-- === 0) break;
  });
  const staying = Array.from({ length: 4 }, () => streamed(2));
  await Promise.all(leaving);
  expect(await Promise.all(staying)).toEqual(Array(4).fill(alone));
});
