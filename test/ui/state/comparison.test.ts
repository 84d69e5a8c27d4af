import { generate, loadModel, type Model, type SamplingOptions } from 'kelvin';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Comparison } from './built.ts';
import { until } from './settled.ts';

const PROMPT = 'Once upon a time';
const COOL: SamplingOptions = { temperature: 0.3, seed: 7 };

let model: Model;
beforeAll(async () => {
  model = await loadModel();
});
afterAll(() => model.dispose());

async function tokensOf(options: SamplingOptions): Promise<number[]> {
  const tokens: number[] = [];
  for await (const { token } of generate(model, PROMPT, { ...options, maxTokens: 20 }))
    tokens.push(token);
  return tokens;
}

it('writes the same prompt with the same luck, however fast the knobs are turned', async () => {
  const comparison = new Comparison(model, PROMPT, COOL, COOL, 20);
  const { left, right } = comparison;
  const written = (half: typeof left, count = 20) =>
    until(comparison, () => half.written.length >= count);
  for (const step of [1, 2, 3, 4, 5, 6, 7, 8]) {
    right.set({ ...COOL, temperature: 0.3 + step * 0.2 });
    await written(right, step % 4);
  }
  const hot = { ...COOL, temperature: 1.9 };
  right.set(hot);
  await written(right);
  await written(left);
  const [cold, warm] = [await tokensOf(COOL), await tokensOf(hot)];
  expect(left.written.map(({ token }) => token)).toEqual(cold);
  expect(right.written.map(({ token }) => token)).toEqual(warm);
  expect(comparison.divergence).toBe(cold.findIndex((token, i) => token !== warm[i]));
  await until(comparison, () => !comparison.isWriting);
  comparison.writeAgain();
  expect(comparison.isWriting).toBe(true);
  expect(left.written).toEqual([]);
  await written(left);
  expect(left.written.map(({ token }) => token)).toEqual(cold);
  comparison.close();
});

it('keeps its text where the sampler refuses', async () => {
  const comparison = new Comparison(model, PROMPT, COOL, COOL, 5);
  await until(comparison, () => comparison.right.written.length === 5);
  expect(() => comparison.right.set({ topK: -1 })).toThrow(/topK/);
  expect(comparison.right.written).toHaveLength(5);
  expect(comparison.divergence).toBeUndefined();
  comparison.close();
});

it('tells why a text does not go on', async () => {
  const other = await loadModel();
  const comparison = new Comparison(other, PROMPT, COOL, COOL, 500);
  await until(comparison, () => comparison.right.written.length > 0);
  await other.dispose();
  await until(comparison, () => !comparison.isWriting);
  expect(comparison.error?.message).toMatch(/was disposed of/);
  comparison.close();
});
