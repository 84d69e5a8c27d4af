import { type Generation, generate, loadModel, type Model, type Step } from 'kelvin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../../src/generation/loop.ts';
import { AHEAD } from '../../src/generation/protocol.ts';
import { resolveSettings } from '../../src/generation/settings.ts';
import { LocalModel } from '../../src/model/local-model.ts';
import { variant } from '../model/variant.ts';

const PROMPT = 'Once upon a time';
// Long enough that none of these texts ends by itself while a test looks at it.
const ENDLESS = { seed: 1, maxTokens: 10_000, logitBias: { 0: -100 } };
let model: Model;
beforeAll(async () => {
  model = await loadModel();
});
afterAll(() => model.dispose());

async function take(generation: Generation, count: number): Promise<Step[]> {
  const steps: Step[] = [];
  for (let i = 0; i < count; i++) {
    const { done, value } = await generation.next();
    if (done) break;
    steps.push(value);
  }
  return steps;
}

const works = async (model: Model) =>
  expect(await generate(model, PROMPT, { maxTokens: 2 }).result()).toMatchObject({ tokens: 2 });

describe('an abort', () => {
  it('before the start writes nothing', async () => {
    const signal = AbortSignal.abort();
    const generation = generate(model, PROMPT, { signal });
    expect(await take(generation, 9)).toEqual([]);
    expect(await generation.result()).toMatchObject({ finishReason: 'abort', text: '', tokens: 0 });
  });

  it('while the prompt is read reads no further', async () => {
    const abort = new AbortController();
    const local = await LocalModel.open();
    const request = resolveSettings(Array(500).fill(300), ENDLESS, local.info);
    const steps = run(local, request, abort.signal);
    const first = steps.next();
    abort.abort();
    const { done, value } = await first;
    expect(done).toBe(true);
    expect(value).toMatchObject({ finishReason: 'abort', promptTokens: 500, tokens: 0, text: '' });
    await local.dispose();
  });

  it('between tokens keeps what was written', async () => {
    const abort = new AbortController();
    const generation = generate(model, PROMPT, { ...ENDLESS, signal: abort.signal });
    const texts: string[] = [];
    for await (const { text, index } of generation) {
      texts.push(text);
      if (index === 9) abort.abort();
    }
    const summary = await generation.result();
    expect(summary.finishReason).toBe('abort');
    expect(summary.text).toBe(texts.join(''));
    expect(summary.tokens).toBe(texts.length);
    expect(texts.length).toBeGreaterThanOrEqual(10);
    expect(texts.length).toBeLessThanOrEqual(10 + AHEAD + 1);
    await works(model);
  });

  it('after the end changes nothing', async () => {
    const abort = new AbortController();
    const generation = generate(model, PROMPT, { maxTokens: 2, signal: abort.signal });
    const summary = await generation.result();
    abort.abort();
    expect(await generation.result()).toEqual(summary);
  });
});

describe('leaving the loop', () => {
  it('stops the model and leaves it usable', async () => {
    const generation = generate(model, PROMPT, ENDLESS);
    let text = '';
    for await (const step of generation) {
      text += step.text;
      if (step.index === 4) break;
    }
    expect(await generation.result()).toMatchObject({ finishReason: 'abort', tokens: 5, text });
    expect(await generation.next()).toEqual({ done: true, value: undefined });
    await works(model);
  });

  it('at the last step tells how the text ended', async () => {
    const generation = generate(model, PROMPT, { ...ENDLESS, maxTokens: 3 });
    for await (const step of generation) if (step.index === 2) break;
    expect(await generation.result()).toMatchObject({ finishReason: 'length', tokens: 3 });
  });

  it('by an error of the reader passes that error on', async () => {
    const failing = async () => {
      for await (const _ of generate(model, PROMPT, ENDLESS)) throw new Error('mine');
    };
    await expect(failing()).rejects.toThrow('mine');
    await works(model);
  });

  it('before it began is possible', async () => {
    const generation = generate(model, PROMPT, ENDLESS);
    expect(await generation.return()).toEqual({ done: true, value: undefined });
    expect(await generation.result()).toMatchObject({ finishReason: 'abort', tokens: 0 });
  });

  it('is not stopping: a reader that pauses holds the model back', async () => {
    const abort = new AbortController();
    const generation = generate(model, PROMPT, { ...ENDLESS, signal: abort.signal });
    await take(generation, 1);
    // Another text of many more tokens: each token of it is a turn the first could have used.
    await generate(model, PROMPT, { ...ENDLESS, maxTokens: 4 * AHEAD }).result();
    abort.abort();
    const { tokens, finishReason } = await generation.result();
    expect(finishReason).toBe('abort');
    expect(tokens).toBeLessThanOrEqual(1 + AHEAD);
    expect(tokens).toBeGreaterThan(1);
  });
});

describe('the result', () => {
  it('needs no iterating', async () => {
    expect(await generate(model, PROMPT, { maxTokens: 3 }).result()).toMatchObject({ tokens: 3 });
  });

  it('is the same each time, and nothing follows the end', async () => {
    const generation = generate(model, PROMPT, { maxTokens: 3 });
    expect(await take(generation, 9)).toHaveLength(3);
    expect(await generation.next()).toEqual({ done: true, value: undefined });
    expect(await generation.next()).toEqual({ done: true, value: undefined });
    expect(await generation.result()).toBe(await generation.result());
  });

  it('of a text that failed is the failure', async () => {
    const generation = generate(model, Array(513).fill(1));
    await expect(generation.next()).rejects.toMatchObject({ code: 'CONTEXT_LENGTH' });
    expect(await generation.next()).toEqual({ done: true, value: undefined });
    await expect(generation.result()).rejects.toMatchObject({ code: 'CONTEXT_LENGTH' });
    await expect(generation.result()).rejects.toMatchObject({ code: 'CONTEXT_LENGTH' });
    await works(model);
  });
});

describe('several texts at once', () => {
  it('do not touch each other', async () => {
    const prompts = [PROMPT, 'The dog', ''];
    const one = (prompt: string, seed: number) => generate(model, prompt, { seed, maxTokens: 40 });
    const solo: string[] = [];
    for (const [seed, prompt] of prompts.entries()) {
      solo.push((await one(prompt, seed).result()).text);
    }
    const together = prompts.map((prompt, seed) => one(prompt, seed));
    const texts = prompts.map(() => '');
    for (let round = 0; round < 40; round++) {
      const steps = await Promise.all(together.map((generation) => generation.next()));
      for (const [i, { value }] of steps.entries()) texts[i] += value?.text ?? '';
    }
    await Promise.all(together.map((generation) => generation.result()));
    expect(texts).toEqual(solo);
  });

  it('leave the main thread free', async () => {
    let turns = 0;
    let spinning = true;
    const spin = () => {
      turns += 1;
      if (spinning) setImmediate(spin);
    };
    spin();
    const { tokens } = await generate(model, PROMPT, { ...ENDLESS, maxTokens: 60 }).result();
    spinning = false;
    // A loop in this thread would let a few turns pass for each token.
    expect(turns).toBeGreaterThan(20 * tokens);
  });
});

describe('dispose', () => {
  it('ends what is running, and may be called again', async () => {
    const own = await loadModel();
    const running = generate(own, PROMPT, ENDLESS);
    const waiting = generate(own, PROMPT, { ...ENDLESS, seed: 2 });
    await take(running, 3);
    await take(waiting, 1);
    const first = own.dispose();
    await Promise.all([first, own.dispose()]);
    await own.dispose();
    const { text, tokens, finishReason } = await running.result();
    expect(finishReason).toBe('abort');
    expect(tokens).toBeGreaterThanOrEqual(3);
    expect(text).not.toBe('');
    expect(await waiting.result()).toMatchObject({ finishReason: 'abort' });
  });

  it('refuses all that comes after it', async () => {
    const own = await loadModel();
    const begun = generate(own, PROMPT);
    const disposed = own.dispose();
    const refused = { name: 'KelvinError', code: 'DISPOSED' };
    await expect(generate(own, PROMPT).next()).rejects.toMatchObject(refused);
    await disposed;
    await expect(begun.result()).rejects.toMatchObject(refused);
    await expect(begun.result()).rejects.toMatchObject(refused);
    await expect(own.encode('a')).rejects.toMatchObject(refused);
    await expect(own.decode([1])).rejects.toMatchObject(refused);
  });

  it('of one model leaves another alone', async () => {
    const folder = variant({});
    const [one, other] = await Promise.all([loadModel(folder), loadModel(folder)]);
    const text = await generate(one, PROMPT, { seed: 1, maxTokens: 9 }).result();
    await one.dispose();
    const same = await generate(other, PROMPT, { seed: 1, maxTokens: 9 }).result();
    expect(same.text).toBe(text.text);
    await other.dispose();
  });
});
