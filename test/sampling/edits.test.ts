import fc from 'fast-check';
import { type Constraint, Sampler, type SamplingOptions } from 'kelvin/sampling';
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

  it('is refused where it leaves no token', () => {
    const all = new Sampler({ logitBias: { 0: -Infinity, 1: -Infinity } });
    expect(() => all.sample(row(1, 2))).toThrow(expect.objectContaining({ name: 'KelvinError' }));
    expect(all.sample(row(1, 2, 3)).token).toBe(2);
  });
});

describe('DRY', () => {
  const dry = { multiplier: 0.5, base: 2, allowedLength: 2 };
  const zeros = row(0, 0, 0, 0, 0);
  const penalised = (options: SamplingOptions['dry'], history: number[]) =>
    edited(zeros, { dry: options }, history);

  it('takes multiplier · base^(L − allowedLength) from what would lengthen a repetition', () => {
    // The last L tokens 0 1 and 0 1 2 have been followed by 2 and by 3.
    expectNear(penalised(dry, [0, 1, 2, 0, 1]), [0, 0, -0.5, 0, 0]);
    expectNear(penalised(dry, [0, 1, 2, 3, 0, 1, 2]), [0, 0, 0, -1, 0]);
    expectNear(penalised({ ...dry, allowedLength: 1 }, [0, 1, 2, 0, 1]), [0, 0, -1, 0, 0]);
    expectNear(penalised({ ...dry, allowedLength: 3 }, [0, 1, 2, 0, 1]), [0, 0, 0, 0, 0]);
    expectNear(penalised({ ...dry, base: 1 }, [0, 1, 2, 3, 0, 1, 2]), [0, 0, 0, -0.5, 0]);
  });

  it('counts the longest match of each token, overlapping ones included', () => {
    expectNear(penalised(dry, [1, 2, 3, 0, 1, 2, 0, 0, 1, 2]), [-1, 0, 0, -0.5, 0]);
    expectNear(penalised(dry, [3, 3, 3, 3]), [0, 0, 0, -1, 0]);
  });

  it('does not reach across a sequence breaker, which is never penalised itself', () => {
    const broken = { ...dry, sequenceBreakers: [4] };
    expectNear(penalised(dry, [0, 4, 1, 2, 0, 4, 1]), [0, 0, -1, 0, 0]);
    expectNear(penalised(broken, [0, 4, 1, 2, 0, 4, 1]), [0, 0, 0, 0, 0]);
    expectNear(penalised(broken, [4, 0, 1, 2, 4, 0, 1]), [0, 0, -0.5, 0, 0]);
    expect(penalised(dry, [0, 1, 4, 0, 1])[0]).toBeCloseTo(0.5, 6);
    expectNear(penalised(broken, [0, 1, 4, 0, 1]), [0, 0, 0, 0, 0]);
  });

  it('does nothing where there is nothing to repeat', () => {
    for (const history of [[], [1], [1, 1], [0, 1, 2, 3]])
      expectNear(penalised(dry, history), [0, 0, 0, 0, 0]);
    expect(new Sampler({ dry: { multiplier: 0 } }).describe().some(({ active }) => active)).toBe(
      false,
    );
  });

  it('keeps the logit finite however long the repetition', () => {
    const history = Array.from({ length: 2000 }, (_, i) => i % 2);
    for (const base of [1.0001, 1.75, 1e300])
      expect(new Sampler({ dry: { ...dry, base } }).inspect(zeros, { history }).kept).toBe(5);
  });
});

describe('no-repeat n-gram', () => {
  const allowed = (noRepeatNgramSize: number, history: number[]) =>
    kept(new Sampler({ noRepeatNgramSize }).probabilities(row(0, 0, 0, 0), { history }));

  it('bans what would complete an n-gram the text has', () => {
    expect(allowed(1, [0, 2])).toEqual([1, 3]);
    expect(allowed(2, [0, 1, 0, 2, 0])).toEqual([0, 3]);
    expect(allowed(3, [0, 1, 2, 0, 1])).toEqual([0, 1, 3]);
    expect(allowed(3, [3, 1, 2, 0, 1])).toEqual([0, 1, 2, 3]);
    expect(allowed(2, [1, 1])).toEqual([0, 2, 3]);
  });

  it('does nothing before there is an n-gram', () => {
    expect(allowed(3, [])).toEqual([0, 1, 2, 3]);
    expect(allowed(3, [1, 1])).toEqual([0, 1, 2, 3]);
    expect(allowed(99, [1, 1, 1])).toEqual([0, 1, 2, 3]);
  });

  it('is refused where the text has everything already', () => {
    const sampler = new Sampler({ noRepeatNgramSize: 1 });
    expect(() => sampler.sample(row(0, 0), { history: [0, 1] })).toThrow(
      expect.objectContaining({ name: 'KelvinError' }),
    );
  });
});

describe('bad words', () => {
  const allowed = (badWords: number[][], history: number[], endTokens: number[] = []) =>
    kept(new Sampler({ badWords, endTokens }).probabilities(row(0, 0, 0, 0), { history }));

  it('are never completed', () => {
    expect(allowed([[0, 1]], [0])).toEqual([0, 2, 3]);
    expect(allowed([[0, 1]], [0, 2])).toEqual([0, 1, 2, 3]);
    expect(
      allowed(
        [
          [2, 0, 1],
          [0, 0, 3],
          [0, 2],
        ],
        [2, 0],
      ),
    ).toEqual([0, 3]);
    expect(allowed([[0, 0, 1]], [0])).toEqual([0, 1, 2, 3]);
  });

  it('of one token are banned everywhere, but for end tokens', () => {
    expect(allowed([[3]], [])).toEqual([0, 1, 2]);
    expect(allowed([[3], [2]], [], [3])).toEqual([0, 1, 3]);
    expect(allowed([[1, 3]], [1], [3])).toEqual([0, 1, 2]);
  });
});

describe('banned and allowed tokens', () => {
  it('are those left out and those left', () => {
    const logits = row(1, 2, 3, -Infinity);
    expect(kept(new Sampler({ bannedTokens: [1] }).probabilities(logits))).toEqual([0, 2]);
    expect(kept(new Sampler({ allowedTokens: [2, 1, 2, 3] }).probabilities(logits))).toEqual([
      1, 2,
    ]);
    const both = new Sampler({ allowedTokens: [0, 1], bannedTokens: [1] });
    expect(kept(both.probabilities(logits))).toEqual([0]);
  });

  it('leave the other logits as they are', () => {
    const [a, b, c, d] = edited(row(3, 9, 1, 0), { allowedTokens: [0, 2, 3] }, []);
    expect(b).toBe(-Infinity);
    expectNear([a, c, d], [3, 1, 0]);
  });

  it('are refused where they leave no token', () => {
    const none = new Sampler({ allowedTokens: [0], bannedTokens: [0] });
    expect(() => none.sample(row(1, 2))).toThrow(expect.objectContaining({ name: 'KelvinError' }));
  });
});

describe('minNewTokens', () => {
  it('bans the end tokens until that many were drawn', () => {
    const sampler = new Sampler({ endTokens: [0, 2], minNewTokens: 2, temperature: 0 });
    sampler.reset([1, 1, 1]);
    const drawn = Array.from({ length: 3 }, () => sampler.sample(row(9, 1, 8)).token);
    expect(drawn).toEqual([1, 1, 0]);
    expect(kept(sampler.probabilities(row(9, 1, 8), { step: 1 }))).toEqual([1]);
  });
});

describe('a constraint', () => {
  /** Allows the one token that comes after the latest, and tells what it was asked. */
  function cycle() {
    let at = 0;
    const asked: string[] = [];
    const masks = new Set<Uint8Array>();
    return {
      asked,
      masks,
      fillMask(mask: Uint8Array) {
        masks.add(mask);
        expect(mask.every((entry) => entry === 0)).toBe(true);
        mask[at] = 1;
      },
      accept(token: number) {
        asked.push(`accept ${token}`);
        at = (token + 1) % 3;
      },
      reset() {
        asked.push('reset');
        at = 0;
      },
    } satisfies Constraint & Record<string, unknown>;
  }

  it('says what may come next, and is told what came', () => {
    const constraint = cycle();
    const sampler = new Sampler({ constraint });
    sampler.reset([7, 7]);
    const draw = () => sampler.sample(row(0, 0, 0, 0, 0, 0, 0, 0)).token;
    expect([draw(), draw(), draw(), draw()]).toEqual([0, 1, 2, 0]);
    sampler.accept(1);
    expect(draw()).toBe(2);
    expect(constraint.asked.slice(constraint.asked.lastIndexOf('reset'))).toEqual(
      ['reset', 0, 1, 2, 0, 1, 2].map((token) => (token === 'reset' ? token : `accept ${token}`)),
    );
    expect(constraint.masks.size).toBe(1);
  });

  it('is the very object, with its own state', () => {
    const constraint = cycle();
    const sampler = new Sampler({ constraint });
    expect(sampler.options.constraint).toBe(constraint);
    expect(constraint.asked).toContain('reset');
    expect(new Sampler({ constraint }).inspect(row(1, 2, 3)).candidates[1].cutBy).toBe(
      'constraint',
    );
  });

  it('cannot revive a token, nor leave none', () => {
    const sampler = new Sampler({ constraint: cycle(), bannedTokens: [0] });
    expect(() => sampler.sample(row(1, 2, 3))).toThrow(
      expect.objectContaining({ name: 'KelvinError' }),
    );
  });
});

describe('a token that is not in the vocabulary', () => {
  it.each<[string, SamplingOptions]>([
    ['logitBias', { logitBias: { 0: 1, 2: 1 } }],
    ['dry.sequenceBreakers', { dry: { multiplier: 1, sequenceBreakers: [2, 0] } }],
    ['badWords', { badWords: [[2, 0]] }],
    ['bannedTokens', { bannedTokens: [0, 2] }],
    ['allowedTokens', { allowedTokens: [0, 2] }],
    ['endTokens', { endTokens: [2], minNewTokens: 1 }],
  ])('is refused in %s as soon as there is a row', (name, options) => {
    const sampler = new Sampler(options);
    expect(() => sampler.sample(row(1, 2))).toThrow(
      expect.objectContaining({
        code: 'INVALID_TOKEN',
        message: `${name} names token 2, but the vocabulary has 2 tokens`,
      }),
    );
    expect(sampler.sample(row(1, 2, 3)).token).toBeLessThan(3);
  });
});

describe('what edits remember', () => {
  const options: SamplingOptions = {
    repetitionPenalty: 1.2,
    frequencyPenalty: 0.3,
    penaltyWindow: 7,
    dry: { multiplier: 0.2, base: 1.1, allowedLength: 1, sequenceBreakers: [3] },
    noRepeatNgramSize: 4,
    badWords: [[1, 2, 0]],
  };

  it('is the same token by token as all at once', () => {
    const tokens = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 80 });
    fc.assert(
      fc.property(tokens, fc.nat(80), (history, from) => {
        const logits = row(1, -2, 0.5, 0, -0.25, 3, 0);
        const sampler = new Sampler(options);
        sampler.reset(history.slice(0, from));
        for (const token of history.slice(from)) sampler.accept(token);
        const own = sampler.probabilities(logits);
        expect(own).toEqual(new Sampler(options).probabilities(logits, { history }));
        expect(sampler.probabilities(logits)).toEqual(own);
      }),
      { numRuns: 300 },
    );
  });
});

describe('extreme edits', () => {
  it.each([
    { presencePenalty: 1e308, frequencyPenalty: 1e308 },
    { presencePenalty: -1e308, frequencyPenalty: -1e308 },
    { repetitionPenalty: 5e-324 },
    { repetitionPenalty: 1e308 },
    { repetitionPenalty: 1e308, presencePenalty: -1e308, frequencyPenalty: -1e308 },
    { repetitionPenalty: 5e-324, presencePenalty: 1e308, frequencyPenalty: 1e308 },
    { dry: { multiplier: 1e308, base: 1e308, allowedLength: 1 } },
    { logitBias: { 0: 1.7e308, 1: -1.7e308 }, presencePenalty: -1.7e308 },
  ])('%j neither ban a token nor break the sum', (options) => {
    const logits = row(3e38, -3e38, 1, -Infinity);
    const sampler = new Sampler(options);
    const at = { history: [0, 0, 0, 1, 1, 3] };
    expect(sampler.inspect(logits, at).kept).toBe(3);
    expect(sampler.probabilities(logits, at).reduce((a, b) => a + b)).toBeCloseTo(1, 12);
  });
});
