import { generate, loadModel, type Model } from 'kelvin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LocalModel } from '../../src/model/local-model.ts';
import { chiSquare, criticalValue } from '../sampling/chi-square.ts';

const PROMPT = 'Once upon a time there was a';
const DRAWS = 700;
let model: Model;
/** The model's own distribution after the prompt, by another way than the loop. */
let raw: number[];

beforeAll(async () => {
  const local = await LocalModel.open();
  const logits = await local.sequence().decode(local.tokenizer.encode(PROMPT));
  raw = normalize(Array.from(logits, (z) => Math.exp(z)));
  await local.dispose();
  model = await loadModel();
});
afterAll(() => model.dispose());

function normalize(weights: readonly number[]): number[] {
  const total = weights.reduce((sum, w) => sum + w, 0);
  return weights.map((w) => w / total);
}

describe('first tokens of many texts', () => {
  it.each([
    ['as the model has it', { temperature: 1 }, () => raw],
    ['tempered', { temperature: 0.8 }, () => normalize(raw.map((p) => p ** 1.25))],
    [
      'truncated',
      { temperature: 1, topK: 6 },
      () => {
        const sixth = [...raw].sort((a, b) => b - a)[5]!;
        return normalize(raw.map((p) => (p >= sixth ? p : 0)));
      },
    ],
  ])('follow the distribution %s', async (_, options, law) => {
    const expected = law();
    const counts = new Array(expected.length).fill(0);
    for (let seed = 0; seed < DRAWS; seed++) {
      const { value } = await generate(model, PROMPT, { ...options, seed, maxTokens: 1 }).next();
      counts[value!.token] += 1;
    }
    expect(counts.filter((count, token) => count > 0 && expected[token] === 0)).toEqual([]);
    const { statistic, degreesOfFreedom } = chiSquare(counts, expected);
    expect(degreesOfFreedom).toBeGreaterThan(3);
    expect(statistic).toBeLessThan(criticalValue(degreesOfFreedom));
  });
});
