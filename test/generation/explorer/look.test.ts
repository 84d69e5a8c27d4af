import fc from 'fast-check';
import { tradeOff } from 'kelvin/evaluation';
import { Sampler, type SamplingOptions } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { look } from '../../../src/generation/explorer/look.ts';
import { modelRow, rowsUpTo } from '../../evaluation/rows.ts';
import { between } from '../../sampling/logits.ts';

const settings: fc.Arbitrary<SamplingOptions> = fc.oneof(
  fc.record({ temperature: between(0, 3), topK: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ temperature: between(0.2, 3), topP: between(0.05, 0.99) }),
  fc.record({ temperature: between(0.2, 3), minP: between(0.01, 0.9) }),
  fc.record({ temperature: fc.constantFrom(1, Infinity) }),
);

/** Few listed candidates and many. */
const tops = fc.constantFrom(0, 3, 40);

describe('a view', () => {
  it.each([
    ['few tokens', rowsUpTo(12)],
    ['a whole vocabulary', fc.integer({ min: 1, max: 4 }).map((seed) => modelRow(3000, seed))],
  ])('has the place of the distribution that is drawn from, with %s', (_, rows) => {
    fc.assert(
      fc.property(rows, settings, tops, (row, options, top) => {
        const sampler = new Sampler(options, row.length);
        const { now } = look(sampler, 0, row, top, String);
        const { diversity, coherence } = tradeOff(sampler.probabilities(row), row);
        expect(now.diversity).toBeCloseTo(diversity, 5);
        expect(now.coherence).toBeCloseTo(coherence, 5);
      }),
      { numRuns: 60 },
    );
  });
});
