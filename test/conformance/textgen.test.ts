// XTC and DRY as their author defined them in oobabooga/text-generation-webui, pull requests #6335
// and #5677, with the numbers of those threads and of others that follow them.
import { Sampler, type SamplingOptions, uniform } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { expectNear, fromProbabilities, kept, row } from '../sampling/logits.ts';
import { shaped } from './distributions.ts';

const keptBy = (logits: Float32Array, options: SamplingOptions, step = 0) =>
  kept(new Sampler(options).probabilities(logits, { step }));

describe('XTC', () => {
  // #6335: "shivers down her" continues with "spine" at 0.79 and "back" at 0.12.
  const shivers = fromProbabilities(0.79, 0.12, 0.06, 0.03);

  it('removes all top choices but the least likely', () => {
    expect(keptBy(shivers, { xtc: { probability: 1, threshold: 0.1 } })).toEqual([1, 2, 3]);
    expect(keptBy(shivers, { xtc: { probability: 1, threshold: 0.05 } })).toEqual([2, 3]);
    expect(keptBy(shivers, { xtc: { probability: 1 } })).toEqual([1, 2, 3]);
  });

  it('leaves a single top choice alone', () => {
    expect(keptBy(shivers, { xtc: { probability: 1, threshold: 0.2 } })).toEqual([0, 1, 2, 3]);
    expect(keptBy(shivers, { xtc: { probability: 1, threshold: 0.5 } })).toEqual([0, 1, 2, 3]);
  });

  // paiml/aprender pull request #2131, after llama.cpp.
  it('keeps the token at the boundary', () => {
    const options = { xtc: { probability: 1, threshold: 0.1 } };
    // The softmax of 4, 3, 2 is 0.665, 0.245, 0.090.
    expect(keptBy(row(4, 3, 2, -10, -10), options)).toEqual([1, 2, 3, 4]);
  });

  it('acts with its probability, on luck of its own', () => {
    let acted = 0;
    for (let step = 0; step < 400; step++) {
      const options = { xtc: { probability: 0.3, threshold: 0.1 }, seed: 11 };
      const acts = keptBy(shivers, options, step).length === 3;
      expect(acts).toBe(uniform(11, 1, step) < 0.3);
      acted += Number(acts);
    }
    // Four standard deviations of a binomial with n = 400.
    expect(Math.abs(acted / 400 - 0.3)).toBeLessThan(0.092);
  });

  it('stands back where it would leave fewer than minTokensToKeep, as in llama.cpp', () => {
    const xtc = { probability: 1, threshold: 0.05 };
    expect(keptBy(shivers, { xtc, minTokensToKeep: 2 })).toEqual([2, 3]);
    expect(keptBy(shivers, { xtc, minTokensToKeep: 3 })).toEqual([0, 1, 2, 3]);
  });
});

describe('DRY', () => {
  /** What DRY takes off the logits of even tokens; the last id is never penalised. */
  function penalties(options: Partial<SamplingOptions['dry']> & object, history: number[]) {
    const dry = { multiplier: 0.8, ...options };
    const p = shaped(Array(9).fill(1 / 9), { dry }, history);
    return p.map((value) => Math.log(value / p[8]));
  }
  const only = (token: number, penalty: number) =>
    Array.from({ length: 9 }, (_, id) => (id === token ? -penalty : 0));

  // The recommended values: multiplier 0.8, base 1.75, allowed length 2.
  it.each([
    [1, 0],
    [2, 0.8],
    [3, 1.4],
    [4, 2.45],
    [5, 4.2875],
  ])('a repetition of %d costs %d', (length, penalty) => {
    const repeated = [1, 2, 3, 4, 5];
    const history = [...repeated, 6, ...repeated.slice(5 - length)];
    expectNear(penalties({}, history), only(6, penalty), 1e-5);
  });

  it('counts the longest of several matches', () => {
    // 5 follows 1 2 and 3 1 2; the text ends in 3 1 2.
    expectNear(penalties({}, [1, 2, 5, 3, 1, 2, 5, 4, 3, 1, 2]), only(5, 1.4), 1e-5);
    // 5 after 1 2, and 6 after 4 1 2.
    const both = penalties({}, [1, 2, 5, 4, 1, 2, 6, 4, 1, 2]);
    expectNear([both[5], both[6]], [-0.8, -1.4], 1e-5);
  });

  it('matches what overlaps', () => {
    expectNear(penalties({}, [7, 7, 7]), only(7, 0.8), 1e-5);
    expectNear(penalties({}, [7, 7, 7, 7]), only(7, 1.4), 1e-5);
    expectNear(penalties({}, [3, 4, 3, 4, 3]), only(4, 1.4), 1e-5);
  });

  it('stops at breakers', () => {
    const history = [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5];
    expectNear(penalties({ sequenceBreakers: [2] }, history), only(6, 1.4), 1e-5);
    expectNear(penalties({ sequenceBreakers: [4] }, history), only(6, 0), 1e-5);
    expectNear(penalties({ sequenceBreakers: [5] }, history), only(6, 0), 1e-5);
    expectNear(penalties({ sequenceBreakers: [6] }, history), only(6, 0), 1e-5);
  });

  it('keeps an enormous penalty finite, as llama.cpp does', () => {
    const history = Array(3000).fill(7);
    const logits = new Float32Array(9);
    const seen = new Sampler({ dry: { multiplier: 5, base: 4 } }).inspect(logits, { history });
    expect(seen.kept).toBe(9);
    expect(seen.candidates.find(({ token }) => token === 7)?.shaped).toBe(0);
  });
});
