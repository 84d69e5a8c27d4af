// Texts that are held to JSON: whatever is drawn, what ends by itself fits.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type GenerateOptions, generate, loadModel, type Model } from 'kelvin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hasLlama, llama, story } from '../model/folders.ts';
import { variant } from '../model/variant.ts';
import { isValid, schemas } from './json-schema.ts';

const PROMPT = 'Once upon a time';
const PERSON = {
  type: 'object',
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 24 },
    age: { type: 'integer', minimum: 0, maximum: 120 },
    likes: { type: 'array', items: { enum: ['tea', 'milk'] }, maxItems: 3 },
  },
  required: ['name', 'age'],
};

let model: Model;
beforeAll(async () => {
  model = await loadModel();
});
afterAll(() => model.dispose());

const write = (schema: unknown, options: GenerateOptions = {}, on = model) =>
  generate(on, PROMPT, {
    ...{ maxTokens: 300, seed: 1, temperature: 1 },
    responseFormat: { type: 'json', schema: schema as object },
    ...options,
  }).result();

describe('a schema', () => {
  it('is what every text that ends fits, however hot', async () => {
    let ended = 0;
    const runs = fc.asyncProperty(schemas, fc.nat(1e6), async (schema, seed) => {
      // Two thirds of what is read here are strings, which hardly ever end by chance.
      const options = { temperature: 2, seed, maxTokens: 80, frequencyPenalty: 0.2 };
      const { text, finishReason } = await write(schema, options);
      if (finishReason !== 'end') return;
      ended += 1;
      expect(isValid(JSON.parse(text), schema), `${JSON.stringify(schema)} ${text}`).toBe(true);
    });
    await fc.assert(runs, { numRuns: 60 });
    expect(ended).toBeGreaterThan(25);
  });

  it('holds the text to what the model makes of it, from the same seed the same', async () => {
    const seeds = [1, 2, 3, 4, 5, 6];
    const alone = [];
    for (const seed of seeds) alone.push((await write(PERSON, { seed })).text);
    const together = await Promise.all(seeds.map((seed) => write(PERSON, { seed })));
    expect(together.map(({ text }) => text)).toEqual(alone);
    expect(new Set(alone).size).toBe(seeds.length);
    for (const { finishReason, text } of together) {
      expect(finishReason).toBe('end');
      expect(isValid(JSON.parse(text), { ...PERSON, additionalProperties: false })).toBe(true);
    }
  });

  it.each([
    [z.toJSONSchema(z.tuple([z.boolean(), z.int().min(1).max(9)]), { target: 'draft-7' })],
    [{ type: 'array', items: [{ type: 'null' }], additionalItems: { enum: [1, 11] }, maxItems: 3 }],
    [{ enum: ['1', '110', '0', '0100', '000', '10000', '100000'] }],
    [{ anyOf: [{ enum: ['é', 'éé1'] }, { const: 'è' }, { const: 'éé11' }] }],
    [
      {
        anyOf: [1, 2, 4].map((n) => ({
          type: 'array',
          prefixItems: Array(n).fill({ const: 1 }),
          items: false,
        })),
      },
    ],
    [{ type: 'array', items: { enum: [1, 11] }, minItems: 1, maxItems: 3 }],
    [{ type: 'integer', minimum: 200 }],
    [{ type: ['integer', 'number'], exclusiveMinimum: 200, maximum: 1e12 }],
  ])('tells apart what begins alike: %j', async (schema) => {
    // Whatever does not end goes on.
    const logitBias = { 0: -3 };
    for (let seed = 0; seed < 12; seed++) {
      const { text, finishReason } = await write(schema, { seed, temperature: 2, logitBias });
      expect(finishReason).toBe('end');
      expect(isValid(JSON.parse(text), schema), text).toBe(true);
    }
  });

  it('may refer to itself, and say which of several it is', async () => {
    const tree = {
      $defs: { leaf: { type: 'integer', minimum: 1, maximum: 9 } },
      oneOf: [
        {
          type: 'object',
          properties: { kind: { const: 'leaf' }, value: { $ref: '#/$defs/leaf' } },
          required: ['kind', 'value'],
        },
        {
          type: 'object',
          properties: { kind: { const: 'node' }, of: { type: 'array', items: { $ref: '#' } } },
          required: ['kind', 'of'],
        },
      ],
    };
    const kinds = new Set<string>();
    for (let seed = 0; seed < 8; seed++) {
      const { text, finishReason } = await write(tree, { seed, temperature: 1.5 });
      if (finishReason !== 'end') continue;
      const value = JSON.parse(text) as { kind: string; value?: number };
      kinds.add(value.kind);
      if (value.kind === 'leaf') expect(value.value).toBeLessThan(10);
      else expect(value).toHaveProperty('of');
    }
    expect(kinds).toEqual(new Set(['leaf', 'node']));
  });

  it.each([
    [{ type: 'number', minimum: 0.1, maximum: 0.9 }],
    [{ type: 'number', exclusiveMinimum: -1, exclusiveMaximum: 0 }],
    [{ type: 'integer', minimum: -12, maximum: -9 }],
    [{ type: 'integer', exclusiveMinimum: 98, exclusiveMaximum: 101 }],
    [{ type: 'integer', minimum: -9007199254740991, maximum: 9007199254740991 }],
    [{ type: 'number', minimum: 1e-7, maximum: 2e-7 }],
  ])('bounds numbers: %j', async (schema) => {
    for (let seed = 0; seed < 6; seed++) {
      const { text } = await write(schema, { seed, temperature: 2, maxTokens: 40 });
      expect(isValid(JSON.parse(text), schema), text).toBe(true);
    }
  });

  it('need not be given: the text is then an object', async () => {
    const responseFormat = { type: 'json' } as const;
    // A model that is no friend of JSON seldom closes what it opened.
    const [quote, brace] = await Promise.all(['"', '}'].map(async (text) => model.encode(text)));
    const logitBias = { [quote!.at(-1)!]: 4, [brace!.at(-1)!]: 4 };
    let ended = 0;
    for (let seed = 0; seed < 4; seed++) {
      const options = { seed, temperature: 1.2, maxTokens: 120, responseFormat, logitBias };
      const { text, finishReason } = await generate(model, PROMPT, options).result();
      expect(text).toMatch(/^\{\S/);
      if (finishReason !== 'end') continue;
      ended += 1;
      expect(typeof JSON.parse(text)).toBe('object');
    }
    expect(ended).toBeGreaterThan(0);
  });
});

describe('the end', () => {
  it('is the limit, a stop string or the end token, whichever comes first', async () => {
    const cut = await write(PERSON, { maxTokens: 3 });
    expect(cut).toMatchObject({ finishReason: 'length', tokens: 3 });
    const stopped = await write(PERSON, { stop: ['"age"'] });
    expect(stopped).toMatchObject({ finishReason: 'stop', stop: '"age"' });
    expect(stopped.text).toMatch(/^\{"name": ".+", $/);
    const whole = await write(PERSON);
    expect(whole.finishReason).toBe('end');
    expect(whole.text).toMatch(/\}$/);
  });

  it('comes by itself where the model has no end token', async () => {
    const config = JSON.parse(readFileSync(join(story, 'config.json'), 'utf8'));
    const endless = await loadModel(
      variant({
        'config.json': { ...config, eos_token_id: null },
        'generation_config.json': { bos_token_id: 0 },
      }),
    );
    expect(endless.info.endTokens).toEqual([]);
    const { text, finishReason } = await write(PERSON, { stop: ['never'] }, endless);
    expect(finishReason).toBe('end');
    expect(isValid(JSON.parse(text), PERSON)).toBe(true);
    await endless.dispose();
  });
});

describe('other options', () => {
  it('act on what the format leaves', async () => {
    const { steps, text } = await stepsOf({ topK: 1, temperature: 1 });
    const again = await stepsOf({ temperature: 0 });
    expect(text).toBe(again.text);
    for (const { top } of steps) {
      const drawable = top!.filter(({ shaped }) => shaped > 0);
      expect(drawable).toHaveLength(1);
    }
    expect(steps.some(({ top }) => top!.some(({ cutBy }) => cutBy === 'constraint'))).toBe(true);
  });

  it('may leave nothing, which is an error of theirs', async () => {
    const brace = (await model.encode('{')).at(-1)!;
    const tokens = Array.from({ length: model.info.vocabularySize }, (_, id) => id);
    const braces = [];
    for (const id of tokens) if ((await model.decode([id])).startsWith('{')) braces.push(id);
    expect(braces).toContain(brace);
    const logitBias = Object.fromEntries(braces.map((id) => [id, -Infinity]));
    await expect(write(PERSON, { logitBias })).rejects.toMatchObject({
      code: 'INVALID_OPTION',
      message: expect.stringContaining('every token is banned that could be chosen'),
    });
    // Nobody else is the worse for it.
    expect((await write(PERSON)).finishReason).toBe('end');
  });

  it('ends with the end tokens that its grammar knows', () => {
    expect(() => write(PERSON, { endTokens: [5] })).toThrow(
      "endTokens must be the model's own, [0], beside responseFormat, got [5]",
    );
  });

  it('is told of in the settings, with where it comes from', async () => {
    const { settings } = await write(PERSON, { maxTokens: 1 });
    expect(settings.responseFormat).toEqual({
      value: { type: 'json', schema: PERSON },
      origin: 'option',
    });
    const plain = await generate(model, PROMPT, { maxTokens: 1 }).result();
    expect(plain.settings.responseFormat).toEqual({ value: { type: 'text' }, origin: 'built-in' });
  });

  async function stepsOf(options: GenerateOptions) {
    const generation = generate(model, PROMPT, {
      ...{ top: 4, maxTokens: 60, seed: 3 },
      ...{ responseFormat: { type: 'json', schema: PERSON } },
      ...options,
    });
    const steps = [];
    for await (const step of generation) steps.push(step);
    return { steps, text: (await generation.result()).text };
  }
});

const ENDLESS = {
  type: 'object',
  properties: { next: { $ref: '#/oneOf/0' } },
  required: ['next'],
};

describe('what texts cannot be held to is refused by name', () => {
  const of = (keyword: string, value: unknown, type = 'string') => ({
    type: 'object',
    properties: { age: { type, [keyword]: value } },
  });
  const place = 'responseFormat.schema.properties.age';

  it.each<readonly [unknown, string]>([
    ...[
      ['pattern', '^(a+)+$'],
      ['format', 'date'],
      ['nullable', true],
      ['contentEncoding', 'base64'],
      ['minimum', 3],
      ['not', {}],
    ].map(([keyword, value]) => [of(String(keyword), value), `${place}.${keyword}`] as const),
    [of('multipleOf', 3, 'integer'), `${place}.multipleOf`],
    [of('uniqueItems', true, 'array'), `${place}.uniqueItems`],
    [of('contains', {}, 'array'), `${place}.contains`],
    [of('patternProperties', {}, 'object'), `${place}.patternProperties`],
    [of('propertyNames', {}, 'object'), `${place}.propertyNames`],
    [of('minProperties', 1, 'object'), `${place}.minProperties`],
    [of('dependentRequired', {}, 'object'), `${place}.dependentRequired`],
    [of('unevaluatedProperties', false, 'object'), `${place}.unevaluatedProperties`],
    [{ allOf: [{ type: 'string' }] }, 'responseFormat.schema.allOf'],
    [{ type: 'object', if: {} }, 'responseFormat.schema.if'],
    [{ properties: {} }, 'responseFormat.schema.properties'],
    [{ type: 'object', anyOf: [] }, 'responseFormat.schema.type'],
    [{ oneOf: [{ type: 'integer' }, { type: 'number' }] }, 'responseFormat.schema.oneOf'],
    [{ oneOf: [ENDLESS, ENDLESS] }, 'responseFormat.schema.oneOf'],
    [{ $ref: 'http://example.com/a' }, 'responseFormat.schema.$ref'],
    [{ $ref: '#/$defs/none' }, 'responseFormat.schema.$ref'],
    [
      { anyOf: [{ $ref: '#' }, { type: 'null' }] },
      'responseFormat.schema.anyOf[0].$ref.anyOf[0].$ref',
    ],
    [{ type: 'banana' }, 'responseFormat.schema.type'],
    [{ type: 'string', enum: ['a', 1] }, 'responseFormat.schema.enum'],
    [{ enum: [] }, 'responseFormat.schema.enum'],
    [{ type: 'object', required: ['a'] }, 'responseFormat.schema.required'],
    [{ type: 'array', items: [], minItems: 1 }, 'responseFormat.schema.items'],
    [{ type: 'array', additionalItems: false }, 'responseFormat.schema.additionalItems'],
    [{ type: 'array', items: [{}], prefixItems: [{}] }, 'responseFormat.schema.prefixItems'],
    [{ type: 'array', minItems: 3, maxItems: 2 }, 'responseFormat.schema.minItems'],
    [{ type: 'string', minLength: 3, maxLength: 2 }, 'responseFormat.schema.minLength'],
    [{ type: 'integer', minimum: 3, maximum: 2 }, 'responseFormat.schema.minimum'],
    [{ type: 'integer', minimum: '3' }, 'responseFormat.schema.minimum'],
    [false, 'responseFormat.schema'],
    ['object', 'responseFormat.schema'],
    [{ type: 'object', properties: { 'a b': false } }, 'responseFormat.schema.properties["a b"]'],
  ])('%j', (schema, named) => {
    expect(() => generate(model, PROMPT, format(schema))).toThrow(
      expect.objectContaining({
        code: 'INVALID_OPTION',
        message: expect.stringContaining(`${named} must be `),
      }),
    );
  });

  it.each([
    ['json'],
    [{}],
    [{ type: 'xml' }],
    [{ type: 'text', schema: {} }],
    [{ type: 'json', strict: true }],
  ])('a format that is none: %j', (responseFormat) => {
    expect(() => generate(model, PROMPT, { responseFormat } as object)).toThrow(/responseFormat/);
  });

  it('what says nothing about a value passes', () => {
    const told = { $schema: 'https://json-schema.org/draft/2020-12/schema', $id: 'a', title: 'A' };
    const more = { description: 'a', default: 1, examples: [1], $comment: 'c', deprecated: true };
    expect(() =>
      generate(model, PROMPT, format({ type: 'integer', ...told, ...more })),
    ).not.toThrow();
  });

  const format = (schema: unknown): GenerateOptions => ({
    responseFormat: { type: 'json', schema: schema as object },
  });
});

describe('schemas made to hurt', () => {
  const nest = (depth: number, wrap: (inner: object) => object) => {
    let schema: object = { type: 'null' };
    for (let i = 0; i < depth; i++) schema = wrap(schema);
    return schema;
  };
  it.each([
    ['deep', nest(10_000, (one) => ({ anyOf: [one] })), 'nested at most 100 deep|JSON schema'],
    ['large', { enum: ['x'.repeat(70_000)] }, 'at most 65536 bytes'],
    ['wide', { enum: Array.from({ length: 2000 }, (_, i) => i) }, '1 to 1024 entries'],
    ['long', { type: 'array', items: {}, minItems: 1e6 }, 'an integer in \\[0, 1024\\]'],
    ['round', { $defs: { a: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' }, 'another schema'],
  ])('%s', (_, schema, message) => {
    const responseFormat = { type: 'json', schema } as const;
    expect(() => generate(model, PROMPT, { responseFormat })).toThrow(new RegExp(message));
  });

  it('ends whoever asks for a grammar that takes for ever, and nobody else', async () => {
    const properties = Object.fromEntries(
      Array.from({ length: 600 }, (_, i) => [`k${i}`, { type: 'string', maxLength: 1024 - i }]),
    );
    const fine = (seed: number) => write(PERSON, { seed });
    const before = (await fine(1)).text;
    // Under way before it, and waiting behind it.
    const first = generate(model, PROMPT, {
      ...{ seed: 1, temperature: 1, responseFormat: { type: 'json', schema: PERSON } },
    });
    const begun = await first.next();
    const bomb = write({ type: 'object', properties });
    const behind = fine(1);
    await expect(bomb).rejects.toMatchObject({
      code: 'CONSTRAINT_FAILED',
      message: expect.stringMatching(/^responseFormat: .* longer than/),
    });
    expect((await behind).text).toBe(before);
    let text = begun.value!.text;
    for await (const step of first) text += step.text;
    expect(text).toBe(before);
  });
});

it('a text that is left takes nothing with it', async () => {
  const leave = async (seed: number) => {
    const generation = generate(model, PROMPT, {
      ...{ seed, responseFormat: { type: 'json', schema: PERSON } },
    });
    await generation.next();
    await generation.return();
  };
  for (let i = 0; i < 60; i++) await leave(i);
  const before = process.memoryUsage().rss;
  for (let i = 0; i < 300; i++) await leave(i);
  expect(process.memoryUsage().rss - before).toBeLessThan(40e6);
});

describe('tokens', () => {
  const file = JSON.parse(readFileSync(join(story, 'tokenizer.json'), 'utf8'));

  it('that are special are never part of a text', async () => {
    const added = [5, 6].map((id) => ({ ...file.added_tokens[0], id, content: `<|x${id}|>` }));
    const folder = variant({
      'tokenizer.json': { ...file, added_tokens: [...file.added_tokens, ...added] },
    });
    const special = await loadModel(folder);
    const logitBias = { 5: 50, 6: 50, 0: 20 };
    const generation = generate(special, PROMPT, {
      ...{ seed: 1, maxTokens: 60, logitBias, responseFormat: { type: 'json', schema: PERSON } },
    });
    const tokens = [];
    for await (const { token } of generation) tokens.push(token);
    expect(tokens).not.toContain(5);
    expect(tokens).not.toContain(6);
    // The end token neither, until it is the only one.
    expect(tokens.indexOf(0)).toBe(tokens.length - 1);
    expect(isValid(JSON.parse((await generation.result()).text), PERSON)).toBe(true);
    await special.dispose();
  });

  it('of SentencePiece write the same text as the same tokens in bytes', async () => {
    const pieces = await loadModel(variant({ 'tokenizer.json': sentencePiece() }));
    const prompt = await model.encode(PROMPT);
    expect(await pieces.decode(prompt)).toBe(PROMPT);
    for (let seed = 0; seed < 2; seed++) {
      const options = {
        ...{ seed, temperature: 1.2, maxTokens: 80 },
        ...{ responseFormat: { type: 'json', schema: PERSON } as const },
      };
      const [one, other] = await Promise.all(
        [model, pieces].map((on) => generate(on, prompt, options).result()),
      );
      expect(other!.text).toBe(one!.text);
      expect(one!.finishReason).toBe('end');
    }
    await pieces.dispose();
  });

  it.skipIf(!hasLlama)('of a real SentencePiece model do so from any prompt', async () => {
    const pieces = await loadModel(llama);
    const responseFormat = { type: 'json', schema: PERSON } as const;
    for (const prompt of [PROMPT, 'Answer: ', '']) {
      const options = { seed: 1, temperature: 1, maxTokens: 120, responseFormat };
      const { text, finishReason } = await generate(pieces, prompt, options).result();
      expect(finishReason).toBe('end');
      expect(isValid(JSON.parse(text), PERSON), text).toBe(true);
    }
    await pieces.dispose();
  });

  it('of which nobody knows the bytes are refused', async () => {
    const strange = await loadModel(
      variant({
        'tokenizer.json': { ...file, decoder: { type: 'WordPiece', prefix: '##', cleanup: false } },
      }),
    );
    await expect(write(PERSON, {}, strange)).rejects.toMatchObject({
      code: 'MODEL_UNSUPPORTED',
      message: expect.stringMatching(/^responseFormat: .*tokenizer\.json.*WordPiece/),
    });
    // Without a format it writes as ever.
    expect((await generate(strange, PROMPT, { maxTokens: 2 }).result()).tokens).toBe(2);
    await strange.dispose();
  });

  /** The story model's tokens as SentencePiece spells them. */
  function sentencePiece(): object {
    const bytes = new Map<string, number>();
    for (let byte = 0, next = 256; byte < 256; byte++) {
      const isPlain = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
      bytes.set(String.fromCharCode(isPlain ? byte : next++), byte);
    }
    const spell = (piece: string, id: number) => {
      const buffer = Buffer.from(Array.from(piece, (c) => bytes.get(c) ?? 63));
      const text = buffer.toString();
      if (!text.includes('\uFFFD')) return text.replaceAll(' ', '▁');
      return buffer.length === 1 ? `<0x${buffer.toString('hex').toUpperCase()}>` : `part${id}`;
    };
    const vocab = Object.entries<number>(file.model.vocab).map(([piece, id]) => [
      id === 0 ? piece : spell(piece, id),
      id,
    ]);
    const replace = { type: 'Replace', pattern: { String: '▁' }, content: ' ' };
    return {
      ...file,
      normalizer: null,
      pre_tokenizer: null,
      decoder: {
        type: 'Sequence',
        decoders: [replace, { type: 'ByteFallback' }, { type: 'Fuse' }],
      },
      model: { ...file.model, vocab: Object.fromEntries(vocab), merges: [], byte_fallback: true },
    };
  }
});
