import { Sampler, type SamplingOptions } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { chiSquare, criticalValue, peakedLogits } from './chi-square.ts';

const DRAWS = 200_000;
const logits = peakedLogits(40);
const history = [0, 1, 1, 3, 5, 8];

/**
 * The distribution by the textbook, worked out independently of the library: sort, cut, divide.
 */
function textbook(given: SamplingOptions): number[] {
  const scores = Array.from(logits);
  for (const id of new Set(history)) {
    const count = history.filter((other) => other === id).length;
    const r = given.repetitionPenalty ?? 1;
    scores[id] = scores[id] < 0 ? scores[id] * r : scores[id] / r;
    scores[id] -= count * (given.frequencyPenalty ?? 0) + (given.presencePenalty ?? 0);
  }
  const normalise = (weights: number[]) => {
    const total = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / total);
  };
  const temper = (p: number[], t: number) => normalise(p.map((value) => value ** (1 / t)));
  const keep = (p: number[], test: (id: number, place: number, before: number) => boolean) => {
    let before = 0;
    const result = p.map(() => 0);
    const descending = [...p.keys()].sort((a, b) => p[b] - p[a] || a - b);
    for (const [place, id] of descending.entries()) {
      if (test(id, place, before)) result[id] = p[id];
      before += p[id];
    }
    return normalise(result);
  };
  const { temperature = 1, topK = 0, topP = 1, minP = 0, order } = given;
  let p = normalise(scores.map(Math.exp));
  if (order !== 'temperature-last') p = temper(p, temperature);
  if (topK > 0) p = keep(p, (_id, place) => place < topK);
  if (topP < 1) p = keep(p, (_id, _place, before) => before < topP);
  const most = Math.max(...p);
  if (minP > 0) p = keep(p, (id) => p[id] >= minP * most);
  return order === 'temperature-last' ? temper(p, temperature) : p;
}

describe('200,000 draws follow the law of', () => {
  it.each<[string, SamplingOptions]>([
    ['the model itself', {}],
    ['a low temperature', { temperature: 0.6 }],
    ['a high temperature', { temperature: 3 }],
    ['top-k', { topK: 7 }],
    ['top-p', { topP: 0.83 }],
    ['min-p', { minP: 0.04 }],
    ['penalties', { repetitionPenalty: 1.4, presencePenalty: 0.3, frequencyPenalty: 0.2 }],
    ['all, temperature first', { temperature: 1.4, topK: 25, topP: 0.93, minP: 0.02 }],
    [
      'all, temperature last',
      { temperature: 1.4, topK: 25, topP: 0.93, minP: 0.02, order: 'temperature-last' },
    ],
  ])('%s', (_name, options) => {
    const sampler = new Sampler({ ...options, seed: 20_240 });
    const counts = new Float64Array(logits.length);
    for (let step = 0; step < DRAWS; step++)
      counts[sampler.sample(logits, { history, step }).token] += 1;

    const expected = textbook(options);
    for (const [id, p] of expected.entries()) if (p === 0) expect(counts[id]).toBe(0);
    const { statistic, degreesOfFreedom } = chiSquare(counts, expected);
    expect(degreesOfFreedom).toBeGreaterThan(2);
    expect(statistic).toBeLessThan(criticalValue(degreesOfFreedom));
  });

  it('uniform, at infinite temperature', () => {
    const sampler = new Sampler({ temperature: Infinity, topK: 10, seed: -3 });
    const counts = new Float64Array(logits.length);
    for (let step = 0; step < DRAWS; step++) counts[sampler.sample(logits, { step }).token] += 1;
    const tenth = [...logits].sort((a, b) => b - a)[9]!;
    const expected = Array.from(logits, (logit) => (logit >= tenth ? 0.1 : 0));
    expect(chiSquare(counts, expected).statistic).toBeLessThan(criticalValue(9));
  });

  it('and across seeds at one step as well', () => {
    const counts = new Float64Array(logits.length);
    for (let seed = 0; seed < 20_000; seed++)
      counts[new Sampler({ seed }).sample(logits, { step: 0 }).token] += 1;
    const { statistic, degreesOfFreedom } = chiSquare(counts, new Sampler().probabilities(logits));
    expect(statistic).toBeLessThan(criticalValue(degreesOfFreedom));
  });
});

describe('the test itself', () => {
  it('uses critical values within 2 % of the exact ones', () => {
    // Upper 1e-4 quantiles by numerical integration of the density, for 9 and 39 degrees.
    expect(Math.abs(criticalValue(9) / 33.72 - 1)).toBeLessThan(0.02);
    expect(Math.abs(criticalValue(39) / 80.646 - 1)).toBeLessThan(0.02);
  });

  it('notices a law that is 3 % off', () => {
    const sampler = new Sampler({ temperature: 1.03, seed: 20_240 });
    const counts = new Float64Array(logits.length);
    for (let step = 0; step < DRAWS; step++) counts[sampler.sample(logits, { step }).token] += 1;
    const { statistic, degreesOfFreedom } = chiSquare(counts, new Sampler().probabilities(logits));
    expect(statistic).toBeGreaterThan(criticalValue(degreesOfFreedom));
  });
});
