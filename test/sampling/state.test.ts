// Whatever a sampler went through, it is where a new one is after the same tokens.
import fc from 'fast-check';
import {
  type Constraint,
  KelvinError,
  Sampler,
  type SamplingOptions,
  uniform,
} from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { acting } from './acting.ts';
import { between } from './logits.ts';

/** Most of the mass is on a few tokens, so that texts repeat themselves. */
const rowOf = (size: number, n: number) =>
  Float32Array.from({ length: size }, (_, id) => 4 * uniform(6, n, id) + (id < 9 ? 5 : 0));

/** Bans every third token, which ones depends on all that was taken and in what order. */
class Rotating implements Constraint {
  taken: number[] = [];
  #hash = 0;
  fillMask(mask: Uint8Array): void {
    for (let id = 0; id < mask.length; id++) mask[id] = (id + this.#hash) % 3 > 0 ? 1 : 0;
  }
  accept(token: number): void {
    this.taken.push(token);
    this.#hash = (this.#hash * 31 + token + 1) % 1009;
  }
  reset(): void {
    this.taken = [];
    this.#hash = 0;
  }
}

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const few = fc.nat(8);
const remembered = {
  repetitionPenalty: maybe(between(0.5, 2)),
  presencePenalty: maybe(between(-1, 2)),
  frequencyPenalty: maybe(between(-1, 2)),
  penaltyWindow: fc.constantFrom(-1, 1, 2, 5, 17),
  dry: maybe(
    fc.record({
      multiplier: between(0.1, 3),
      base: between(1, 2),
      allowedLength: fc.integer({ min: 1, max: 3 }),
      sequenceBreakers: fc.array(few, { maxLength: 2 }),
    }),
  ),
  noRepeatNgramSize: fc.constantFrom(0, 0, 2, 3, 5),
  badWords: fc.array(fc.array(few, { minLength: 2, maxLength: 3 }), { maxLength: 3 }),
  endTokens: fc.constant([1]),
  minNewTokens: fc.nat(12),
  temperature: between(0.3, 2),
  seed: fc.integer(),
};
const options: fc.Arbitrary<SamplingOptions> = fc
  .oneof(
    fc.record({
      ...remembered,
      xtc: maybe(fc.record({ probability: between(0, 1), threshold: between(0.01, 0.2) })),
      topP: maybe(between(0.5, 1)),
    }),
    fc.record({
      ...remembered,
      mirostat: fc.record({
        version: fc.constantFrom(1 as const, 2 as const),
        tau: between(0.5, 6),
        eta: between(0, 2),
      }),
    }),
  )
  .map(acting);

const operations = fc.array(
  fc.record({
    kind: fc.constantFrom(
      ...(['sample', 'sample', 'sampleToken', 'sampleToken', 'accept', 'accept'] as const),
      ...(['rewind', 'rewind', 'fork', 'reset', 'what-if', 'refused'] as const),
    ),
    branch: fc.nat(),
    n: fc.nat(30),
    tokens: fc.array(few, { minLength: 1, maxLength: 6 }),
  }),
  { maxLength: 50 },
);
type Operation = typeof operations extends fc.Arbitrary<(infer T)[]> ? T : never;

const codeOf = (work: () => unknown): string | undefined => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(KelvinError);
    return (error as KelvinError).code;
  }
};

/** A sampler, and all that has led to where it is. */
class Branch {
  readonly sampler: Sampler;
  readonly #make: () => Sampler;
  readonly #size: number;
  #prompt: readonly number[] = [];
  #steps: ({ readonly n: number; readonly drawn: { readonly token: number } } | number)[] = [];

  constructor(size: number, make: () => Sampler, sampler = make()) {
    this.#size = size;
    this.#make = make;
    this.sampler = sampler;
  }

  /** @returns the branch that forked off, if one did */
  do({ kind, n, tokens }: Operation): Branch | undefined {
    const { sampler } = this;
    const row = rowOf(this.#size, n);
    const steps = this.#steps.length;
    if (kind === 'sample' || kind === 'sampleToken') {
      const code = codeOf(() => {
        const drawn = kind === 'sample' ? sampler.sample(row) : { token: sampler.sampleToken(row) };
        this.#steps.push({ n, drawn });
      });
      // By now every likely token may be forbidden; then nothing was drawn.
      expect(code ?? 'INVALID_OPTION').toBe('INVALID_OPTION');
    } else if (kind === 'accept')
      for (const token of tokens) {
        sampler.accept(token);
        this.#steps.push(token);
      }
    else if (kind === 'rewind') {
      this.verify();
      const to = n % (steps + 1);
      sampler.rewind(to);
      this.#steps = this.#steps.slice(0, to);
    } else if (kind === 'reset') {
      this.verify();
      sampler.reset(tokens);
      this.#prompt = tokens;
      this.#steps = [];
    } else if (kind === 'what-if') {
      codeOf(() => sampler.sample(row, { step: n, top: 3 }));
      codeOf(() => sampler.sampleToken(row, { step: steps }));
      codeOf(() => sampler.sampleToken(row, { history: tokens }));
      codeOf(() => sampler.probabilities(row, { history: tokens, step: n }));
      codeOf(() => sampler.inspect(row, { edges: true }));
      codeOf(() => sampler.candidate(row, n % row.length));
      codeOf(() => sampler.candidate(row, n % row.length, { history: tokens }));
      sampler.describe();
    } else if (kind === 'refused') {
      expect(codeOf(() => sampler.rewind(steps + 1))).toBe('INVALID_ARGUMENT');
      expect(codeOf(() => sampler.rewind(-1))).toBe('INVALID_ARGUMENT');
      expect(codeOf(() => sampler.reset([...tokens, -1]))).toBe('INVALID_TOKEN');
      expect(codeOf(() => sampler.accept(0.5))).toBe('INVALID_TOKEN');
      expect(codeOf(() => sampler.sample(row.fill(Number.NaN)))).toBe('INVALID_LOGITS');
    } else if (sampler.options.constraint)
      expect(codeOf(() => sampler.fork())).toBe('INVALID_ARGUMENT');
    else {
      const fork = new Branch(this.#size, this.#make, sampler.fork());
      fork.#prompt = this.#prompt;
      fork.#steps = [...this.#steps];
      return fork;
    }
  }

  /** A new sampler draws the same from the start, and is then where this one is. */
  verify(): void {
    const fresh = this.#make();
    fresh.reset(this.#prompt);
    for (const step of this.#steps)
      if (typeof step === 'number') fresh.accept(step);
      else expect(fresh.sample(rowOf(this.#size, step.n))).toMatchObject(step.drawn);
    const row = rowOf(this.#size, 31);
    const seen = (sampler: Sampler, at: { step?: number }) => {
      let seen: unknown;
      return (
        codeOf(() => {
          seen = sampler.inspect(row, at);
        }) ?? seen
      );
    };
    // The other steps show that mirostat's limit was remembered for each.
    for (const at of [{}, { step: 0 }, { step: 2 }, { step: this.#steps.length >> 1 }])
      expect(seen(this.sampler, at)).toEqual(seen(fresh, at));
    // A constraint has been told what the text has beyond its prompt.
    const { constraint } = this.sampler.options;
    if (constraint)
      expect((constraint as Rotating).taken).toEqual(
        this.#steps.map((step) => (typeof step === 'number' ? step : step.drawn.token)),
      );
  }
}

/** Goes through some operations on a sampler and on what forks off it. */
function live(size: number, make: () => Sampler, operations: readonly Operation[]): void {
  const branches = [new Branch(size, make)];
  for (const operation of operations) {
    const fork = branches[operation.branch % branches.length].do(operation);
    if (fork) branches.push(fork);
  }
  for (const branch of branches) branch.verify();
}

describe('after any operations a sampler is where a new one would be', () => {
  it.each([
    [14, 400],
    [600, 100],
  ])('with all that its stages remember (%i tokens)', (size, numRuns) => {
    fc.assert(
      fc.property(options, fc.boolean(), operations, (options, own, operations) => {
        live(size, () => new Sampler(options, own ? size : undefined), operations);
      }),
      { numRuns },
    );
  });

  it('with a constraint, which goes back with it', () => {
    fc.assert(
      fc.property(options, operations, (options, operations) => {
        live(14, () => new Sampler({ ...options, constraint: new Rotating() }), operations);
      }),
      { numRuns: 200 },
    );
  });
});

it.each<SamplingOptions>([
  { mirostat: { version: 1, tau: 3, eta: 0.5 } },
  { mirostat: { version: 2, tau: 3, eta: 0.5 } },
  { xtc: { probability: 0.5, threshold: 0.02 } },
])('what was at a step can be asked again later, with %j', (options) => {
  const sampler = new Sampler({ ...options, seed: 9 });
  const rows = Array.from({ length: 40 }, (_, n) => rowOf(600, n));
  const before = rows.map((row) => [sampler.inspect(row), sampler.sample(row)]);
  const after = rows.map((row, step) => [
    sampler.inspect(row, { step }),
    sampler.sample(row, { step }),
  ]);
  expect(after).toEqual(before);
});

describe('a text of 32,768 tokens', () => {
  const LENGTH = 32_768;
  const tokenAt: Record<string, (i: number) => number> = {
    'without a pattern': (i) => Math.floor(64 * uniform(1, 0, i)),
    'in a period': (i) => (i * 7) % 61,
    'of one token': () => 3,
  };
  const options: SamplingOptions = {
    repetitionPenalty: 1.1,
    frequencyPenalty: 0.001,
    penaltyWindow: 1000,
    dry: { multiplier: 0.1, base: 1.01, sequenceBreakers: [60] },
    noRepeatNgramSize: 40,
    badWords: [[3, 3, 5]],
    seed: 3,
  };
  const row = rowOf(700, 0);

  it.each(Object.entries(tokenAt))('%s is gone back in exactly', (_name, tokenAt) => {
    const text = Array.from({ length: LENGTH }, (_, i) => tokenAt(i));
    const sampler = new Sampler(options);
    sampler.reset(text.slice(0, 1000));
    for (const token of text.slice(1000)) sampler.accept(token);
    const whole = sampler.fork();
    for (const length of [LENGTH, LENGTH - 1, 20_000, 1001, 1000]) {
      sampler.rewind(length - 1000);
      const fresh = new Sampler(options);
      fresh.reset(text.slice(0, length));
      const step = length - 1000;
      expect(sampler.inspect(row)).toEqual(fresh.inspect(row, { step }));
      expect(sampler.sample(row)).toEqual(fresh.sample(row, { step }));
      sampler.rewind(step);
    }
    const at = { step: LENGTH - 1000 };
    expect(whole.sample(row)).toEqual(new Sampler(options).sample(row, { ...at, history: text }));
  });

  it('that was drawn is drawn again', () => {
    const drawn: SamplingOptions = {
      mirostat: { version: 2, tau: 3 },
      frequencyPenalty: 0.01,
      penaltyWindow: 64,
      seed: 4,
    };
    const sampler = new Sampler(drawn);
    const rows = Array.from({ length: 8 }, (_, n) => rowOf(32, n));
    const draw = (sampler: Sampler, from: number) =>
      Array.from({ length: LENGTH - from }, (_, i) => sampler.sampleToken(rows[(from + i) % 8]));
    const text = draw(sampler, 0);
    sampler.rewind(LENGTH - 999);
    const fork = sampler.fork();
    expect(draw(sampler, LENGTH - 999)).toEqual(text.slice(LENGTH - 999));
    expect(draw(fork, LENGTH - 999)).toEqual(text.slice(LENGTH - 999));
  });
});
