import fc from 'fast-check';
import { Sampler, type SamplingOptions } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { between, fromProbabilities, kept, row } from './logits.ts';

const keptBy = (logits: Float32Array, options: SamplingOptions) =>
  kept(new Sampler(options).probabilities(logits));
const probabilities = fromProbabilities(0.1, 0.4, 0.3, 0.2);

describe('top-k', () => {
  it('keeps exactly k, the lowest ids among equals', () => {
    expect(keptBy(row(1, 5, 5, 5, 0), { topK: 2 })).toEqual([1, 2]);
    expect(keptBy(row(7, 7, 7, 7), { topK: 3 })).toEqual([0, 1, 2]);
    expect(keptBy(row(1, 5, 3), { topK: 99 })).toEqual([0, 1, 2]);
  });

  it('tells logits apart that weigh the same', () => {
    expect(keptBy(row(0, 1e-40, 100), { topK: 2, minTokensToKeep: 2 })).toEqual([1, 2]);
  });

  it('never keeps a token at −Infinity', () => {
    const inspected = new Sampler({ topK: 3, minTokensToKeep: 3 }).inspect(
      row(-Infinity, 1, -Infinity),
    );
    expect(inspected.kept).toBe(1);
  });
});

describe('top-p', () => {
  it('keeps the crossing token', () => {
    expect(keptBy(probabilities, { topP: 0.39 })).toEqual([1]);
    expect(keptBy(probabilities, { topP: 0.41 })).toEqual([1, 2]);
    expect(keptBy(probabilities, { topP: 0.71 })).toEqual([1, 2, 3]);
    expect(keptBy(probabilities, { topP: 0.95 })).toEqual([0, 1, 2, 3]);
  });

  it('stops at an exact hit', () => {
    expect(keptBy(row(0, 0, 0, 0), { topP: 0.5 })).toEqual([0, 1]);
  });

  it('at 0 keeps the top token and at 1 everything', () => {
    expect(keptBy(probabilities, { topP: 0 })).toEqual([1]);
    expect(keptBy(probabilities, { topP: 1 })).toEqual([0, 1, 2, 3]);
    expect(new Sampler({ topP: 1 }).describe().find(({ name }) => name === 'topP')?.active).toBe(
      false,
    );
  });

  it('gives the edge to the lowest ids', () => {
    expect(keptBy(row(0, 0, 0, 0), { topP: 0.6 })).toEqual([0, 1, 2]);
  });

  it('judges what the filter before it left, renormalised', () => {
    expect(keptBy(probabilities, { topK: 2, topP: 0.55 })).toEqual([1]);
    expect(keptBy(probabilities, { topP: 0.55 })).toEqual([1, 2]);
  });
});

describe('min-p', () => {
  it('keeps what is likely enough beside the top', () => {
    expect(keptBy(probabilities, { minP: 0.24 })).toEqual([0, 1, 2, 3]);
    expect(keptBy(probabilities, { minP: 0.26 })).toEqual([1, 2, 3]);
    expect(keptBy(probabilities, { minP: 0.76 })).toEqual([1]);
    expect(keptBy(row(2, 3, 3), { minP: 1 })).toEqual([1, 2]);
  });

  it('sees the tempered distribution when temperature comes first', () => {
    expect(keptBy(probabilities, { minP: 0.6, temperature: 0.5 })).toEqual([1]);
    expect(
      keptBy(probabilities, { minP: 0.6, temperature: 0.5, order: 'temperature-last' }),
    ).toEqual([1, 2]);
  });
});

describe('typical-p, where very many tokens are as typical', () => {
  const COUNT = 4096;
  const options = { temperature: Infinity, typicalP: 0.25, order: 'temperature-first' } as const;

  it('keeps those with the larger scores', () => {
    // Odd, so that every score comes once.
    const logits = Float32Array.from({ length: COUNT }, (_, id) => (id * 1237) % COUNT);
    const best = [...logits.keys()].filter((id) => logits[id] >= 0.75 * COUNT);
    expect(keptBy(logits, options)).toEqual(best);
  });

  it('keeps the lowest ids among equals', () => {
    const first = Array.from({ length: COUNT / 4 }, (_, id) => id);
    expect(keptBy(new Float32Array(COUNT), options)).toEqual(first);
    expect(keptBy(new Float32Array(COUNT), { ...options, temperature: 3 })).toEqual(first);
  });

  it('keeps at least minTokensToKeep', () => {
    const many = { ...options, minTokensToKeep: COUNT / 2 };
    expect(keptBy(new Float32Array(COUNT), many)).toHaveLength(COUNT / 2);
  });
});

describe('temperature', () => {
  it('at 0 leaves the first maximum and says who cut the rest', () => {
    const seen = new Sampler({ temperature: 0, topK: 3, minTokensToKeep: 3 }).inspect(row(1, 8, 8));
    expect(seen.kept).toBe(1);
    expect(seen.candidates[0]).toMatchObject({ token: 1, shaped: 1 });
    expect(seen.candidates[1]).toMatchObject({ token: 2, cutBy: 'temperature' });
    expect(seen.cuts).toMatchObject([
      { name: 'temperature', tokens: 2 },
      { name: 'topK', tokens: 0 },
    ]);
  });

  it('at 0 still lets earlier stages act', () => {
    expect(keptBy(row(1, 8, 3), { temperature: 0, logitBias: { 1: -Infinity } })).toEqual([2]);
  });

  it('at Infinity is uniform over what is kept', () => {
    const p = new Sampler({ temperature: Infinity }).probabilities(row(1, 9, -Infinity, 4));
    expect([...p]).toEqual([1 / 3, 1 / 3, 0, 1 / 3]);
  });

  it('at Infinity keeps the order of the logits for filters after it', () => {
    const options = { temperature: Infinity, topK: 2 };
    expect(keptBy(row(1, 9, 5, 4), options)).toEqual([1, 2]);
    expect(keptBy(row(1, 9, 5, 4), { ...options, temperature: 1e300 })).toEqual([1, 2]);
    expect(keptBy(row(1, 9, 5, 4), { ...options, order: 'temperature-last' })).toEqual([1, 2]);
    expect(keptBy(row(1, 9, 5, 4), { temperature: Infinity, topP: 0.7 })).toEqual([1, 2, 3]);
    expect(keptBy(row(1, 9, 5, 4), { temperature: Infinity, minP: 1 })).toEqual([0, 1, 2, 3]);
  });

  it('takes any positive number, however small or large', () => {
    for (const temperature of [Number.MIN_VALUE, 1e-12, 1e300])
      expect(
        new Sampler({ temperature }).probabilities(row(1, 2, 2)).reduce((a, b) => a + b),
      ).toBeCloseTo(1, 12);
    expect([...new Sampler({ temperature: 1e-12 }).probabilities(row(1, 3, 2))]).toEqual([0, 1, 0]);
  });
});

describe('order', () => {
  const peers = row(3, 2, 1);
  const options = { temperature: 0.5, topP: 0.8 };

  it('decides what top-p keeps', () => {
    expect(keptBy(peers, { ...options, order: 'temperature-first' })).toEqual([0]);
    expect(keptBy(peers, { ...options, order: 'temperature-last' })).toEqual([0, 1]);
  });

  it('can be a list, which runs as written', () => {
    expect(keptBy(peers, { ...options, order: ['temperature', 'topP'] })).toEqual([0]);
    expect(keptBy(peers, { ...options, order: ['topP', 'temperature'] })).toEqual([0, 1]);
    const pThenK = keptBy(probabilities, { topP: 0.55, topK: 1, order: ['topP', 'topK'] });
    expect(pThenK).toEqual([1]);
    const names = ['penalties', 'logitBias', 'minP', 'temperature', 'topK', 'topP'];
    expect(new Sampler({ order: names }).describe().map(({ name }) => name)).toEqual(names);
  });

  it('of edits matters as well', () => {
    const at = { history: [0] };
    const edits = { logitBias: { 0: -3 }, repetitionPenalty: 2 };
    const biasFirst = new Sampler(edits).probabilities(row(2, 0), at);
    const penaltyFirst = new Sampler({ ...edits, order: ['penalties', 'logitBias'] });
    // (2 − 3)·2 = −2, and 2/2 − 3 = −2: equal here, so tell them apart at 4 as well.
    expect([...biasFirst]).toEqual([...penaltyFirst.probabilities(row(2, 0), at)]);
    expect(new Sampler(edits).probabilities(row(4, 0), at)[0]).toBeGreaterThan(
      penaltyFirst.probabilities(row(4, 0), at)[0],
    );
  });
});

describe('all filters', () => {
  const rows = fc
    .array(
      fc.oneof(
        fc.integer({ min: -6, max: 6 }),
        between(-20, 20),
        fc.double({ min: -20, max: 20, noNaN: true }),
      ),
      {
        minLength: 1,
        maxLength: 40,
      },
    )
    .map((values) => Float32Array.from(values));
  const keptSet = (logits: Float32Array, options: SamplingOptions) =>
    new Set(
      new Sampler(options)
        .inspect(logits, { top: logits.length })
        .candidates.filter(({ cutBy }) => cutBy === undefined)
        .map(({ token }) => token),
    );
  const isSubset = (a: Set<number>, b: Set<number>) => [...a].every((id) => b.has(id));
  const fraction = between(0, 1);

  it('keep less when told to keep less', () => {
    fc.assert(
      fc.property(rows, fraction, fraction, fc.nat(40), fc.nat(40), (logits, a, b, j, k) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)];
        const [few, many] = [Math.min(j, k) + 1, Math.max(j, k) + 1];
        expect(isSubset(keptSet(logits, { topP: low }), keptSet(logits, { topP: high }))).toBe(
          true,
        );
        expect(isSubset(keptSet(logits, { minP: high }), keptSet(logits, { minP: low }))).toBe(
          true,
        );
        expect(isSubset(keptSet(logits, { topK: few }), keptSet(logits, { topK: many }))).toBe(
          true,
        );
      }),
    );
  });

  it('agree with their definitions on a sorted copy', () => {
    fc.assert(
      fc.property(rows, fraction, fc.integer({ min: 1, max: 40 }), (logits, p, k) => {
        const descending = [...logits.keys()].sort((a, b) => logits[b] - logits[a] || a - b);
        const raw = new Sampler().probabilities(logits);
        expect(keptSet(logits, { topK: k })).toEqual(new Set(descending.slice(0, k)));
        const likely = keptSet(logits, { minP: p });
        // A hair's breadth around the edge is left to rounding.
        for (const id of descending) {
          const ratio = raw[id] / raw[descending[0]];
          if (Math.abs(ratio - p) > 1e-12) expect(likely.has(id)).toBe(ratio > p);
        }
        const nucleus = [...keptSet(logits, { topP: p })];
        expect(new Set(nucleus)).toEqual(new Set(descending.slice(0, nucleus.length)));
        const mass = nucleus.reduce((sum, id) => sum + raw[id], 0);
        const last = raw[descending[nucleus.length - 1]];
        expect(mass).toBeGreaterThanOrEqual(p - 1e-12);
        if (nucleus.length > 1) expect(mass - last).toBeLessThan(p + 1e-12);
      }),
    );
  });

  it.each<SamplingOptions>([
    { epsilonCutoff: 0.5 },
    { topA: 700 },
    { mirostat: { version: 2, tau: 1 } },
  ])('that ask for more than any token has leave the first of equals, with %j', (options) => {
    for (const size of [9, 512, 513, 600])
      for (const logit of [0, 5, -1e30, 3e38])
        for (const temperature of [1, 1e-17, 1e300, Infinity]) {
          const sampler = new Sampler({ ...options, temperature });
          const equals = new Float32Array(size).fill(logit);
          expect(sampler.inspect(equals, { top: 1 })).toMatchObject({
            kept: 1,
            candidates: [{ token: 0 }],
          });
        }
  });

  it('leave at least minTokensToKeep', () => {
    const floors = fc.integer({ min: 1, max: 10 });
    fc.assert(
      fc.property(rows, floors, fraction, (logits, minTokensToKeep, p) => {
        for (const options of [
          { topK: 1 },
          { topP: Math.min(p, 0.99) },
          { minP: Math.max(p, 0.01) },
          { topK: 2, topP: p, minP: p },
        ])
          expect(keptSet(logits, { ...options, minTokensToKeep }).size).toBeGreaterThanOrEqual(
            Math.min(minTokensToKeep, logits.length),
          );
      }),
    );
  });
});
