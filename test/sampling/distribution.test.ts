import fc from 'fast-check';
import { Sampler, type SamplingOptions } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { acting } from './acting.ts';
import { between, fromProbabilities, row } from './logits.ts';

const logit = fc.oneof(
  { weight: 5, arbitrary: between(-15, 15) },
  { weight: 1, arbitrary: fc.double({ min: -15, max: 15, noNaN: true }) },
  { weight: 3, arbitrary: fc.integer({ min: -4, max: 4 }) },
  { weight: 1, arbitrary: fc.constant(-Infinity) },
);
const rows = fc
  .tuple(fc.integer({ min: -4, max: 4 }), fc.array(logit, { maxLength: 50 }))
  .map(([first, rest]) => Float32Array.from([first, ...rest]));

const fraction = between(0, 1);
const stageNames = ['temperature', 'topK', 'topP', 'minP'];
const options: fc.Arbitrary<SamplingOptions> = fc
  .record(
    {
      temperature: fc.oneof(between(0.05, 10), fc.constantFrom(0, Infinity)),
      topK: fc.nat(60),
      topP: fraction,
      minP: fraction,
      minTokensToKeep: fc.integer({ min: 1, max: 5 }),
      repetitionPenalty: between(0.2, 3),
      presencePenalty: between(-2, 2),
      frequencyPenalty: between(-2, 2),
      penaltyWindow: fc.constantFrom(-1, 1, 2, 9),
      logitBias: fc.constant({ 0: 1.5 }),
      order: fc.oneof(
        fc.constantFrom('temperature-first' as const, 'temperature-last' as const),
        fc
          .shuffledSubarray(stageNames, { minLength: 4 })
          .map((names) => ['penalties', 'logitBias', ...names]),
      ),
      seed: fc.maxSafeInteger(),
    },
    { requiredKeys: [] },
  )
  .map(acting);
const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);

describe('for any row, options and history', () => {
  it('inspect, probabilities and sample show one and the same distribution', () => {
    fc.assert(
      fc.property(rows, options, fc.array(fc.nat(50)), fc.nat(1000), (logits, given, ids, step) => {
        const history = ids.map((id) => id % logits.length);
        const sampler = new Sampler(given);
        const at = { history, step };
        const p = sampler.probabilities(logits, at);
        const seen = sampler.inspect(logits, { ...at, top: logits.length });

        expect(p.length).toBe(logits.length);
        expect(sum(p)).toBeCloseTo(1, 12);
        expect(seen.candidates.length).toBe(logits.length);
        for (const { token, shaped, cutBy } of seen.candidates) {
          expect(shaped).toBe(p[token]);
          if (cutBy !== undefined) expect(shaped).toBe(0);
        }
        const uncut = seen.candidates.filter(({ cutBy }) => cutBy === undefined);
        expect(uncut.length).toBe(seen.kept);
        expect(seen.unseen).toBe(0);

        expect(seen.keptMass + sum(seen.cuts.map(({ mass }) => mass))).toBeCloseTo(1, 9);
        expect(seen.keptMass).toBeCloseTo(sum(uncut.map(({ raw }) => raw)), 9);
        expect(seen.kept + sum(seen.cuts.map(({ tokens }) => tokens))).toBe(logits.length);
        for (const { name, tokens, mass } of seen.cuts) {
          const theirs = seen.candidates.filter(({ cutBy }) => cutBy === name);
          expect(theirs.length).toBe(tokens);
          expect(sum(theirs.map(({ raw }) => raw))).toBeCloseTo(mass, 9);
        }
        for (let i = 1; i < seen.candidates.length; i++) {
          const [a, b] = [seen.candidates[i - 1], seen.candidates[i]];
          expect(
            a.shaped > b.shaped ||
              (a.shaped === b.shaped && (a.raw > b.raw || (a.raw === b.raw && a.token < b.token))),
          ).toBe(true);
        }
        expect(seen.entropy).toBeCloseTo(-sum(p.map((q) => (q > 0 ? q * Math.log(q) : 0))), 9);

        const sample = sampler.sample(logits, { ...at, top: 3 });
        expect(p[sample.token]).toBeGreaterThan(0);
        expect(Math.exp(sample.shapedLogprob)).toBeCloseTo(p[sample.token], 10);
        expect(sample.kept).toBe(seen.kept);
        expect([sample.entropy, sample.rawEntropy]).toEqual([seen.entropy, seen.rawEntropy]);
        const raw = seen.candidates.find(({ token }) => token === sample.token)!.raw;
        expect(Math.exp(sample.logprob)).toBeCloseTo(raw, 10);
        expect(sample.distribution!.candidates).toEqual(seen.candidates.slice(0, 3));
      }),
      { numRuns: 1500 },
    );
  });

  it('a common shift of the logits changes nothing without penalties', () => {
    fc.assert(
      fc.property(rows, fraction, fc.nat(20), (logits, topP, topK) => {
        // Multiples of 1/8 within ±16 stay exact in Float32 when 64 is added.
        const coarse = logits.map((z) => Math.round(z * 8) / 8);
        const sampler = new Sampler({ topP, topK, temperature: 0.8 });
        expect(sampler.probabilities(coarse.map((z) => z + 64))).toEqual(
          sampler.probabilities(coarse),
        );
      }),
    );
  });
});

describe('inspect', () => {
  const logits = fromProbabilities(0.05, 0.4, 0.25, 0.2, 0.1);

  it('tells per filter in chain order how much it cut', () => {
    const seen = new Sampler({ topK: 4, topP: 0.8, minP: 0.55 }).inspect(logits);
    expect(seen.cuts.map(({ name, tokens }) => [name, tokens])).toEqual([
      ['topK', 1],
      ['topP', 1],
      ['minP', 1],
    ]);
    expect(seen.cuts.map(({ mass }) => Number(mass.toFixed(6)))).toEqual([0.05, 0.1, 0.2]);
    expect(seen.keptMass).toBeCloseTo(0.65, 6);
    expect(seen.candidates.map(({ token, cutBy }) => [token, cutBy])).toEqual([
      [1, undefined],
      [2, undefined],
      [3, 'minP'],
      [4, 'topP'],
      [0, 'topK'],
    ]);
  });

  it('lists an active filter that cut nothing, and no idle one', () => {
    expect(new Sampler({ topK: 5, temperature: 0.5 }).inspect(logits).cuts).toEqual([
      { name: 'topK', tokens: 0, mass: 0 },
    ]);
    expect(new Sampler().inspect(logits).cuts).toEqual([]);
  });

  it('names the model where it excluded tokens itself', () => {
    const seen = new Sampler({ topK: 1 }).inspect(row(-Infinity, 2, 1));
    expect(seen.cuts.map(({ name, tokens }) => [name, tokens])).toEqual([
      ['model', 1],
      ['topK', 1],
    ]);
  });

  it('lists 20 tokens unless told otherwise, and the rest is unseen', () => {
    const many = new Float32Array(100);
    const sampler = new Sampler();
    const seen = sampler.inspect(many);
    expect(seen.candidates.map(({ token }) => token)).toEqual(
      Array.from({ length: 20 }, (_, i) => i),
    );
    expect(seen.unseen).toBeCloseTo(0.8, 12);
    expect(sampler.inspect(many, { top: 0 })).toMatchObject({ candidates: [], unseen: 1 });
    expect(sampler.inspect(many, { top: 1000 })).toMatchObject({ unseen: 0 });
  });

  it('reports raw probabilities of the unedited model', () => {
    const seen = new Sampler({ temperature: 0.1, logitBias: { 0: 9 } }).inspect(logits);
    const raw = new Map(seen.candidates.map((candidate) => [candidate.token, candidate.raw]));
    expect(raw.get(0)).toBeCloseTo(0.05, 6);
    expect(raw.get(1)).toBeCloseTo(0.4, 6);
    expect(seen.rawEntropy).toBeCloseTo(1.415, 3);
  });

  it('looks at the given history', () => {
    const sampler = new Sampler({ presencePenalty: 99 });
    expect(sampler.inspect(logits, { history: [1] }).candidates[0]?.token).toBe(2);
    sampler.accept(2);
    expect(sampler.inspect(logits).candidates.at(-1)?.token).toBe(2);
  });
});
