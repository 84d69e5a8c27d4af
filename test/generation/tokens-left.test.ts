import { uniform } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { tokensLeft } from '../../src/generation/sweep/tokens-left.ts';

const LIMIT = 128;

/** How far off the answer is, as a factor, over a sweep of texts of such lengths, 16 at once. */
function factors(lengths: readonly number[]): { first: number; after: number[] } {
  const total = lengths.length;
  const all = lengths.reduce((sum, length) => sum + length, 0);
  const waiting = [...lengths];
  let lanes = waiting.splice(0, 16);
  let written = 0;
  let finished = 0;
  let first: number | undefined;
  const after: number[] = [];
  while (lanes.length > 0) {
    written += lanes.length;
    lanes = lanes.flatMap((left) => {
      if (left > 1) return left - 1;
      finished += 1;
      return waiting.splice(0, 1);
    });
    if (finished === 0 || finished > total / 2) continue;
    const factor = tokensLeft(written, { total, finished, limit: LIMIT }) / (all - written);
    first ??= factor;
    if (finished > 32) after.push(factor);
  }
  return { first: first!, after };
}

describe('the tokens left of a sweep', () => {
  it('are known where all texts are as long as they may be, from the first one on', () => {
    const { first, after } = factors(new Array(168).fill(LIMIT));
    for (const factor of [first, ...after]) expect(factor).toBeCloseTo(1, 9);
  });

  it('are guessed well enough where texts end by chance', () => {
    for (let seed = 0; seed < 20; seed++) {
      const lengths = Array.from({ length: 400 }, (_, i) =>
        Math.min(LIMIT, 1 + Math.floor(-40 * Math.log(1 - uniform(seed, 3, i)))),
      );
      const { first, after } = factors(lengths);
      expect(first).toBeLessThan(4);
      for (const factor of after) {
        expect(factor).toBeGreaterThan(0.5);
        expect(factor).toBeLessThan(2);
      }
    }
  });

  it('are at most what the limit allows, and none at the end', () => {
    expect(tokensLeft(0, { total: 3, finished: 0, limit: 10 })).toBe(30);
    expect(tokensLeft(12, { total: 3, finished: 0, limit: 10 })).toBe(18);
    expect(tokensLeft(17, { total: 3, finished: 3, limit: 10 })).toBe(0);
  });
});
