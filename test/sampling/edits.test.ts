import { Sampler, type SamplingOptions } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { expectNear, kept, row } from './logits.ts';

/** The logits after the edits, up to a common shift: log-probabilities relative to the last id. */
function edited(logits: Float32Array, options: SamplingOptions, history: number[]) {
  const p = new Sampler(options).probabilities(logits, { history });
  return Array.from(p, (value) => Math.log(value / p.at(-1)!));
}

describe('repetition penalty', () => {
  it('divides positive and multiplies negative logits, once per id', () => {
    expectNear(edited(row(3, -2, 1, 0), { repetitionPenalty: 2 }, [0, 0, 1]), [1.5, -4, 1, 0]);
  });

  it('below 1 invites repetition', () => {
    expectNear(edited(row(3, -2, 1, 0), { repetitionPenalty: 0.5 }, [0, 1]), [6, -1, 1, 0]);
  });
});

describe('presence and frequency penalties', () => {
  it('count once and per occurrence', () => {
    const history = [0, 0, 0, 1];
    expectNear(edited(row(3, 2, 1, 0), { presencePenalty: 0.5 }, history), [2.5, 1.5, 1, 0]);
    expectNear(edited(row(3, 2, 1, 0), { frequencyPenalty: 0.5 }, history), [1.5, 1.5, 1, 0]);
  });

  it('may be negative', () => {
    expectNear(edited(row(1, 1, 0), { frequencyPenalty: -1, presencePenalty: -2 }, [0]), [4, 1, 0]);
  });

  it('come after the repetition penalty, which thus sees the sign the model gave', () => {
    const all = { repetitionPenalty: 2, presencePenalty: 1, frequencyPenalty: 0.25 };
    expectNear(edited(row(1, 0, 0), all, [0, 0]), [1 / 2 - 0.5 - 1, 0, 0]);
  });
});

describe('penaltyWindow', () => {
  const logits = row(0, 0, 0, 0);
  const penalised = (penaltyWindow: number) =>
    edited(logits, { frequencyPenalty: 1, penaltyWindow }, [0, 1, 1, 2]);

  it('looks at the latest tokens only', () => {
    expectNear(penalised(-1), [-1, -2, -1, 0]);
    expectNear(penalised(2), [0, -1, -1, 0]);
    expectNear(penalised(99), [-1, -2, -1, 0]);
    expectNear(penalised(0), [0, 0, 0, 0]);
  });
});

describe('logit bias', () => {
  it('adds to the logits', () => {
    expectNear(edited(row(1, 2, 0), { logitBias: { 0: 2.5, 1: -1 } }, []), [3.5, 1, 0]);
  });

  it('bans at −Infinity, and the cut bears its name', () => {
    const seen = new Sampler({ logitBias: { 1: -Infinity } }).inspect(row(1, 2, 0));
    expect(seen.candidates.find(({ token }) => token === 1)?.cutBy).toBe('logitBias');
    expect(seen.cuts).toMatchObject([{ name: 'logitBias', tokens: 1 }]);
  });

  it('cannot revive a token the model excludes', () => {
    const sampler = new Sampler({ logitBias: { 0: 50 } });
    expect(kept(sampler.probabilities(row(-Infinity, 1)))).toEqual([1]);
    expect(sampler.inspect(row(-Infinity, 1)).candidates[1]?.cutBy).toBe('model');
  });

  it('is refused where it leaves no token or names one that is not there', () => {
    const all = new Sampler({ logitBias: { 0: -Infinity, 1: -Infinity } });
    expect(() => all.sample(row(1, 2))).toThrow(
      expect.objectContaining({ code: 'INVALID_OPTION', message: expect.stringContaining('bans') }),
    );
    expect(all.sample(row(1, 2, 3)).token).toBe(2);
    expect(() => new Sampler({ logitBias: { 2: 1 } }).sample(row(1, 2))).toThrow(
      expect.objectContaining({
        code: 'INVALID_TOKEN',
        message: 'logitBias names token 2, but the vocabulary has 2 tokens',
      }),
    );
  });
});

describe('extreme edits', () => {
  it.each([
    { presencePenalty: 1e308, frequencyPenalty: 1e308 },
    { presencePenalty: -1e308, frequencyPenalty: -1e308 },
    { repetitionPenalty: 5e-324 },
    { repetitionPenalty: 1e308 },
    { logitBias: { 0: 1.7e308, 1: -1.7e308 }, presencePenalty: -1.7e308 },
  ])('%j neither ban a token nor break the sum', (options) => {
    const logits = row(3e38, -3e38, 1, -Infinity);
    const sampler = new Sampler(options);
    const at = { history: [0, 0, 0, 1, 1, 3] };
    expect(sampler.inspect(logits, at).kept).toBe(3);
    expect(sampler.probabilities(logits, at).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  });
});
