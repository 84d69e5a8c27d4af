import { generate, loadModel, type Model, type Read } from 'kelvin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

let model: Model;
beforeAll(async () => {
  model = await loadModel();
});
afterAll(() => model.dispose());

async function scored(text: string | number[]): Promise<Read[]> {
  const reads: Read[] = [];
  for await (const read of model.score(text)) reads.push(read);
  return reads;
}

describe('a text that is scored', () => {
  it('is as likely as it was when it was written', async () => {
    const prompt = await model.encode('Once upon a time');
    const options = { seed: 3, temperature: 1.5, maxTokens: 120, logitBias: { 0: -100 } };
    const steps = [];
    for await (const step of generate(model, prompt, options)) steps.push(step);
    const reads = await scored([...prompt, ...steps.map(({ token }) => token)]);
    expect(reads).toHaveLength(prompt.length + 120);
    for (const [i, { token, logprob, rank }] of steps.entries()) {
      const read = reads[prompt.length + i]!;
      expect(read.token).toBe(token);
      expect(Math.abs(read.logprob! - logprob)).toBeLessThan(1e-4);
      // Of two as likely to the last bits either may come first.
      expect(Math.abs(read.rank! - rank)).toBeLessThanOrEqual(1);
    }
    const tokens = reads.map(({ token }) => token);
    expect(reads.map(({ text }) => text).join('')).toBe(await model.decode(tokens));
  });

  it('has nothing before its first token', async () => {
    const [first, second] = await scored('Once upon');
    expect(Object.keys(first!)).toEqual(['token', 'text']);
    expect(second).toMatchObject({ rank: expect.any(Number), rawEntropy: expect.any(Number) });
    expect(await scored([300])).toEqual([{ token: 300, text: await model.decode([300]) }]);
    expect(await scored('')).toHaveLength(1);
  });

  it('may end within a character', async () => {
    const texts = await Promise.all(Array.from({ length: 260 }, (_, id) => model.decode([id])));
    const half = texts.indexOf('\uFFFD');
    expect(await scored([half])).toEqual([{ token: half, text: '\uFFFD' }]);
    expect((await scored([300, half])).at(-1)!.text).toBe('\uFFFD');
  });

  it('may fill the context, and be longer', async () => {
    const context = model.info.contextLength!;
    for (const length of [context, context + 1])
      expect(await scored(Array(length).fill(300))).toHaveLength(length);
  });

  it('is refused where it is none', async () => {
    await expect(scored([2048])).rejects.toMatchObject({ code: 'INVALID_TOKEN' });
    await expect(scored(7 as never)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
    await expect(scored([])).resolves.toHaveLength(1);
  });

  it('is left where it is aborted', async () => {
    const abort = new AbortController();
    const reads: Read[] = [];
    const text = Array.from({ length: 500 }, (_, i) => 300 + (i % 50));
    const work = async () => {
      for await (const read of model.score(text, abort.signal)) {
        reads.push(read);
        abort.abort(new Error('enough'));
      }
    };
    await expect(work()).rejects.toThrow('enough');
    expect(reads.length).toBeLessThan(500);
    const none = model.score(text, abort.signal);
    await expect(none.next()).rejects.toThrow('enough');
    expect(await scored('Once upon')).toHaveLength((await model.encode('Once upon')).length);
  });
});
