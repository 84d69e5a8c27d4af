// Where rows too long to list could differ from those that are listed.
import { Sampler, type SamplingOptions } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { expectAgreement } from '../../reference/agreement.ts';
import { rowOf } from './rows.ts';

const LARGEST = 3.4028234663852886e38;
const constant = (value: number, size = 513) => new Float32Array(size).fill(value);
const keptOf = (row: Float32Array, options: SamplingOptions) =>
  new Sampler(options).inspect(row, { top: 0 }).kept;

describe('in a row too long to list', () => {
  it.each<[SamplingOptions, number]>([
    [{ topP: 0, minTokensToKeep: 97 }, 97],
    [{ topP: 1e-9, minTokensToKeep: 65 }, 65],
    [{ topP: 0.2, minTokensToKeep: 512 }, 512],
    // Not even the first token fits in so little entropy.
    [{ topH: 0.001, minTokensToKeep: 100 }, 100],
    [{ topH: 0.001, minTokensToKeep: 600 }, 600],
    [{ topH: 0.001, minTokensToKeep: 64 }, 64],
  ])('%j keeps %d', (options, kept) => {
    expect(keptOf(constant(1, 1000), options)).toBe(kept);
  });

  it.each([1, -LARGEST, LARGEST])('no token of probability 1/513 at %d reaches more', (value) => {
    expect(keptOf(constant(value), { epsilonCutoff: 0.09 })).toBe(1);
    expect(keptOf(constant(value), { epsilonCutoff: 0.001 })).toBe(513);
  });

  it('equals at the top do not reach more at a temperature next to 0 either', () => {
    const row = constant(1);
    row.fill(4, 100, 111);
    const temperature = 5e-324;
    expect(keptOf(row, { temperature, epsilonCutoff: 0.1 })).toBe(1);
    expect(keptOf(row, { temperature, epsilonCutoff: 0.09 })).toBe(11);
  });

  it('top-p is exact where a sample of the row misleads', () => {
    let compared = 0;
    for (let seed = 0; seed < 60; seed++) {
      const row = rowOf({ shape: 'striped', size: 12_288 + 64 * seed, seed });
      if (expectAgreement(row, { topP: (seed + 0.5) / 60, seed })) compared++;
    }
    expect(compared).toBeGreaterThan(50);
  });
});
