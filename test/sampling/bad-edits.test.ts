// Edits that leave nothing to draw, constraints that fail, and constraints that sample themselves.
import { type Constraint, Sampler, type SamplingOptions, uniform } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';

const rowOf = (size: number, n: number) =>
  Float32Array.from({ length: size }, (_, id) => 5 * uniform(3, n, id));
const idsFrom = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);

/** Allows the tokens whose parity is that of the sum so far, so that a lost call shows. */
class Parity implements Constraint {
  taken: number[] = [];
  fillMask(mask: Uint8Array): void {
    const odd = this.taken.reduce((sum, token) => sum + token, 0) % 2;
    for (let id = odd; id < mask.length; id += 2) mask[id] = 1;
  }
  accept(token: number): void {
    this.taken.push(token);
  }
  reset(): void {
    this.taken = [];
  }
}

const stateful: SamplingOptions = {
  frequencyPenalty: 0.4,
  mirostat: { version: 2, tau: 3, eta: 0.3 },
  seed: 5,
};
const doors: [string, (sampler: Sampler, row: Float32Array) => unknown][] = [
  ['sample', (sampler, row) => sampler.sample(row)],
  ['sample with top', (sampler, row) => sampler.sample(row, { top: 3 })],
  ['sampleToken', (sampler, row) => sampler.sampleToken(row)],
  ['probabilities', (sampler, row) => sampler.probabilities(row)],
  ['inspect', (sampler, row) => sampler.inspect(row)],
  ['inspect with edges', (sampler, row) => sampler.inspect(row, { edges: true })],
  ['candidate', (sampler, row) => sampler.candidate(row, 0)],
  ['a what-if', (sampler, row) => sampler.sample(row, { step: 2 })],
];

describe.each([4, 60, 1300])('where %i tokens', (size) => {
  const half = size / 2;
  const upper: Constraint = {
    fillMask: (mask) => mask.fill(1, half),
    accept() {},
    reset() {},
  };
  /** Each bans the lower half. */
  const bans: [string, SamplingOptions, number[]?][] = [
    ['logitBias', { logitBias: Object.fromEntries(idsFrom(0, half).map((id) => [id, -Infinity])) }],
    ['noRepeatNgram', { noRepeatNgramSize: 1 }, idsFrom(0, half)],
    ['badWords', { badWords: idsFrom(0, half).map((id) => [id]) }],
    ['bannedTokens', { bannedTokens: idsFrom(0, half) }],
    ['allowedTokens', { allowedTokens: idsFrom(half, size) }],
    ['minNewTokens', { endTokens: idsFrom(0, half), minNewTokens: 99 }],
    ['constraint', { constraint: upper }],
  ];
  /** The model wants nothing but the lower half. */
  const hopeless = rowOf(size, 9).fill(-Infinity, half);

  it.each(bans)(
    'are all banned by %s and the model: refused, nothing changed',
    (name, ban, past) => {
      for (const own of [undefined, size])
        for (const [n, [, enter]] of doors.entries()) {
          const [sampler, twin] = [0, 1].map(() => {
            const sampler = new Sampler({ ...stateful, ...ban }, own);
            sampler.reset(past);
            sampler.sample(rowOf(size, 0));
            return sampler;
          });
          expect(() => enter(sampler, hopeless)).toThrow(
            expect.objectContaining({
              name: 'KelvinError',
              code: 'INVALID_OPTION',
              message: expect.stringMatching(`${name}.*: every token is banned`),
            }),
          );
          const next = rowOf(size, 1 + n);
          expect(sampler.sample(next, { top: 3 })).toEqual(twin.sample(next, { top: 3 }));
        }
    },
  );
});

describe('a constraint that', () => {
  const failure = new Error('the grammar is broken');

  it.each([60, 1300])('throws from fillMask is heard, and nothing has changed (%i)', (size) => {
    class Fragile extends Parity {
      broken = false;
      override fillMask(mask: Uint8Array): void {
        super.fillMask(mask);
        if (this.broken) throw failure;
      }
    }
    const constraint = new Fragile();
    const sampler = new Sampler({ ...stateful, constraint });
    const twin = new Sampler({ ...stateful, constraint: new Parity() });
    for (const [n, [, enter]] of doors.entries()) {
      constraint.broken = true;
      expect(() => enter(sampler, rowOf(size, 50 + n))).toThrow(failure);
      constraint.broken = false;
      expect(sampler.sample(rowOf(size, n))).toEqual(twin.sample(rowOf(size, n)));
    }
  });

  it.each([60, 1300])('throws from accept leaves the sampler where it was (%i)', (size) => {
    class Fragile extends Parity {
      broken = false;
      override accept(token: number): void {
        if (this.broken) throw failure;
        super.accept(token);
      }
    }
    const constraint = new Fragile();
    const others: SamplingOptions = { ...stateful, dry: { multiplier: 1, allowedLength: 1 } };
    const sampler = new Sampler({ ...others, constraint });
    const twin = new Sampler({ ...others, constraint: new Parity() });
    for (let n = 0; n < 8; n++) {
      constraint.broken = true;
      expect(() => sampler.sample(rowOf(size, n))).toThrow(failure);
      expect(() => sampler.sampleToken(rowOf(size, n))).toThrow(failure);
      expect(() => sampler.accept(1)).toThrow(failure);
      constraint.broken = false;
      expect(sampler.sample(rowOf(size, n))).toEqual(twin.sample(rowOf(size, n)));
    }
  });

  it('marks with any number but 0, or beyond the end, means what it marks', () => {
    const plain: Constraint = { fillMask: (mask) => mask.fill(1, 2, 5), accept() {}, reset() {} };
    const odd: Constraint = {
      ...plain,
      fillMask(mask) {
        mask.set([7, 255, 2], 2);
        (mask as Record<number, number>)[mask.length] = 1;
        (mask as Record<number, number>)[-1] = 1;
      },
    };
    for (const size of [8, 1300])
      expect(new Sampler({ constraint: odd }).inspect(rowOf(size, 0))).toEqual(
        new Sampler({ constraint: plain }).inspect(rowOf(size, 0)),
      );
  });

  it('does not see what was marked before', () => {
    const marks: number[] = [];
    const constraint: Constraint = {
      fillMask(mask) {
        marks.push(mask.reduce((sum, mark) => sum + mark, 0));
        mask.fill(255);
      },
      accept() {},
      reset() {},
    };
    const sampler = new Sampler({ constraint });
    for (const size of [8, 8, 1300, 8, 1300, 1300]) sampler.sample(rowOf(size, 0), { step: 0 });
    expect(marks).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

// Workspaces are shared, and one sampler's row lies in its workspace while a constraint runs.
describe.each([60, 600, 1300, 9000])(
  'a constraint that samples rows of %i logits itself',
  (size) => {
    const peers = [
      new Sampler({ seed: 1, topP: 0.8 }),
      new Sampler({ seed: 2, topK: 3, bannedTokens: [0] }, size),
      new Sampler({ seed: 3, typicalP: 0.5, repetitionPenalty: 2 }),
    ];
    const disturb = () => {
      for (const [n, peer] of peers.entries()) {
        const row = rowOf(size, 70 + n);
        peer.sample(row, { top: 4 });
        peer.probabilities(row);
        peer.inspect(row);
        expect(() => peer.sample(row.fill(Number.NaN, size - 1))).toThrow('NaN');
      }
      new Sampler({ temperature: 0 }).sampleToken(rowOf(size - 1, 73));
    };
    class Busy extends Parity {
      override fillMask(mask: Uint8Array): void {
        disturb();
        super.fillMask(mask);
        disturb();
      }
      override accept(token: number): void {
        disturb();
        super.accept(token);
      }
      override reset(): void {
        disturb();
        super.reset();
      }
    }

    it.each<[string, SamplingOptions, number?]>([
      ['in place', { temperature: 1.5 }],
      ['listed', { topK: 20, topP: 0.9 }],
      ['of what was cut', { topP: 0.95, minP: 0.01 }],
      ['with edits around it', { repetitionPenalty: 1.5, bannedTokens: [3], typicalP: 0.9 }],
      ['in memory of its own', { topP: 0.95 }, size],
    ])('disturbs no draw %s', (_name, options, own) => {
      const busy = new Sampler({ ...options, seed: 8, constraint: new Busy() }, own);
      const calm = new Sampler({ ...options, seed: 8, constraint: new Parity() }, own);
      for (let n = 0; n < 3; n++) {
        const row = rowOf(size, n);
        expect(busy.inspect(row)).toEqual(calm.inspect(row));
        expect(busy.probabilities(row)).toEqual(calm.probabilities(row));
        expect(busy.sample(row, { top: 9 })).toEqual(calm.sample(row, { top: 9 }));
        expect(busy.sampleToken(row)).toBe(calm.sampleToken(row));
      }
    });
  },
);
