import { generate, loadModel, type Model, type Step } from 'kelvin';
import { afterAll, beforeAll, expect, it } from 'vitest';

let model: Model;
beforeAll(async () => {
  model = await loadModel();
});
afterAll(() => model.dispose());

async function steps(options: object): Promise<Step[]> {
  const all: Step[] = [];
  for await (const step of generate(model, 'One day', { seed: 3, maxTokens: 12, ...options }))
    all.push(step);
  return all;
}

it('tells the likeliest under the model alone, whatever is drawn from', async () => {
  const shaping = { temperature: 2, xtc: { probability: 1, threshold: 0.01 }, typicalP: 0.9 };
  for (const { rawTop, rank, logprob, token } of await steps({ ...shaping, rawTop: 50 })) {
    const logprobs = rawTop!.map((candidate) => candidate.logprob);
    expect(logprobs).toHaveLength(50);
    expect(logprobs).toEqual(logprobs.toSorted((a, b) => b - a));
    if (rank > 50) continue;
    expect(rawTop![rank - 1]!.token).toBe(token);
    expect(rawTop![rank - 1]!.logprob).toBeCloseTo(logprob, 9);
  }
});

it('comes with the token by itself, the end token by its name', async () => {
  const all = await steps({ rawTop: 1 });
  expect(all.map(({ label }) => label).join('')).toBe(all.map(({ text }) => text).join(''));
  const [end] = await steps({ rawTop: 1, logitBias: { 0: 100 } });
  expect(end).toMatchObject({ text: '', label: '<|endoftext|>' });
});

it('changes nothing of the text, and is not there where nobody asked', async () => {
  const plain = await steps({});
  expect(plain.every((step) => !('rawTop' in step) && !('label' in step))).toBe(true);
  const told = await steps({ rawTop: 3 });
  expect(told.map(({ rawTop, label, ...step }) => step)).toEqual(plain);
});
