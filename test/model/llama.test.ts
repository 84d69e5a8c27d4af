import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generate, loadModel, type Model } from 'kelvin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasLlama, llama } from './folders.ts';

describe.skipIf(!hasLlama)('a model this project did not make', () => {
  let model: Model;
  beforeAll(async () => {
    model = await loadModel(llama);
  });
  afterAll(() => model.dispose());

  it('has the tokens its own tokenizer would give', async () => {
    const expected: { text: string; ids: number[] }[] = JSON.parse(
      readFileSync(join(llama, 'expect.json'), 'utf8'),
    );
    expect(expected.length).toBeGreaterThan(10);
    for (const { text, ids } of expected) {
      // sentencepiece makes one space of several; what became tokenizer.json does not say so.
      const plain = text.replace(/ +/g, ' ').trim();
      expect(await model.encode(plain)).toEqual(ids);
      expect(await model.decode(ids)).toBe(plain);
    }
  });

  it('ends its text with either of its end tokens', async () => {
    expect(model.info.endTokens).toEqual([1, 2]);
    for (const end of [1, 2]) {
      const options = { logitBias: { [end]: 100 }, maxTokens: 5 };
      expect(await generate(model, 'Once', options).result()).toMatchObject({
        finishReason: 'end',
        tokens: 1,
        text: '',
      });
    }
  });

  it('is sampled as its own file asks', async () => {
    const { settings, seed, text } = await generate(model, 'Once', { maxTokens: 40 }).result();
    expect(settings).toMatchObject({
      temperature: { value: 0.8, origin: 'model' },
      topP: { value: 0.9, origin: 'model' },
      maxTokens: { value: 40, origin: 'option' },
    });
    const given = { temperature: 0.8, topP: 0.9, maxTokens: 40, seed };
    expect((await generate(model, 'Once', given).result()).text).toBe(text);
  });

  it('tells a story to its own end', async () => {
    const generation = generate(model, 'Once upon a time', { temperature: 0, maxTokens: 400 });
    const summary = await generation.result();
    expect(summary.finishReason).toBe('end');
    expect(summary.text).toMatch(/^, there was a little girl named /);
  });
});
