import fc from 'fast-check';
import { type Loop, type ScoredToken, TextMetrics, type TextReadout } from 'kelvin/evaluation';
import { describe, expect, it } from 'vitest';
import { between } from '../sampling/logits.ts';

const mean = (values: number[]) =>
  values.length === 0 ? undefined : values.reduce((a, b) => a + b, 0) / values.length;
const known = <T>(values: (T | undefined)[]): T[] => values.filter((v) => v !== undefined);

function distinctness(tokens: number[], n: number): number {
  const grams = tokens.slice(n - 1).map((_, i) => tokens.slice(i, i + n).join());
  return grams.length === 0 ? 1 : new Set(grams).size / grams.length;
}

/** degen's `metrics/repetition.py`, phrase by phrase. */
function loopOf(tokens: number[]): Loop | undefined {
  const times = Array.from({ length: 90 }, (_, i) => {
    const n = i + 1;
    const phrase = tokens.slice(-n).join();
    let repeats = 1;
    for (;;) {
      const end = tokens.length - n * repeats;
      if (end < n || tokens.slice(end - n, end).join() !== phrase) return repeats;
      repeats++;
    }
  });
  const repeats = Math.max(...times);
  const period = times.indexOf(repeats) + 1;
  return repeats > 1 && (period >= 3 || repeats > 50) ? { period, repeats } : undefined;
}

function byDefinition(text: ScoredToken[], window: number): TextReadout {
  const part = text.slice(Math.max(0, text.length - window));
  const ids = part.map(({ token }) => token);
  const [one, two, three, four] = [1, 2, 3, 4].map((n) => distinctness(ids, n));
  const coherence = mean(part.map(({ logprob }) => logprob));
  return {
    tokens: part.length,
    surprisal: coherence === undefined ? undefined : -coherence,
    perplexity: coherence === undefined ? undefined : Math.exp(-coherence),
    coherence,
    distinct: { 1: one, 2: two, 3: three, 4: four },
    repetition: { 2: 1 - two, 3: 1 - three, 4: 1 - four },
    diversity: two * three * four,
    loop: loopOf(text.map(({ token }) => token)),
    entropy: mean(known(part.map(({ entropy }) => entropy))),
    varentropy: mean(known(part.map(({ varentropy }) => varentropy))),
    typicality: mean(
      known(part.map(({ logprob, entropy }) => entropy && Math.abs(-logprob - entropy))),
    ),
  };
}

/** Asserts that two readouts agree up to rounding. */
function expectAlike(actual: unknown, expected: unknown, name = 'readout'): void {
  if (typeof expected === 'object' && expected !== null)
    for (const [key, value] of Object.entries(expected))
      expectAlike((actual as Record<string, unknown>)?.[key], value, `${name}.${key}`);
  else if (typeof expected === 'number' && typeof actual === 'number')
    expect(Math.abs(actual - expected), name).toBeLessThan(1e-9 * (1 + Math.abs(expected)));
  else expect(actual, name).toBe(expected);
}

/** Few different tokens, so that much is repeated. */
const scored = (tokens: number): fc.Arbitrary<ScoredToken> =>
  fc.record(
    {
      token: fc.integer({ min: 0, max: tokens - 1 }),
      logprob: between(-12, 0),
      entropy: between(0.001, 8),
      varentropy: between(0, 9),
    },
    { requiredKeys: ['token', 'logprob'] },
  );
const windows = fc.oneof(fc.constant(Infinity), fc.integer({ min: 4, max: 12 }));
/** Tokens to push, and undefined for one to pop. */
const moves = fc
  .integer({ min: 1, max: 5 })
  .chain((tokens) =>
    fc.array(
      fc.oneof(
        { weight: 5, arbitrary: scored(tokens) },
        { weight: 2, arbitrary: fc.constant(undefined) },
      ),
      { maxLength: 60 },
    ),
  );

describe('metrics of a text', () => {
  it('are those of the definitions, whatever is pushed and popped', () => {
    fc.assert(
      fc.property(windows, moves, (window, steps) => {
        const metrics = new TextMetrics({ window });
        const text: ScoredToken[] = [];
        for (const step of steps) {
          if (step) {
            metrics.push(step);
            text.push(step);
          } else if (text.length > 0) {
            metrics.pop();
            text.pop();
          }
          expect(metrics.length).toBe(text.length);
          expectAlike(metrics.read(), byDefinition(text, window));
        }
      }),
      { numRuns: 200 },
    );
  });

  it('are the same to the bit as if what was popped had never been', () => {
    fc.assert(
      fc.property(windows, moves, moves, (window, kept, taken) => {
        const metrics = new TextMetrics({ window });
        for (const token of known(kept)) metrics.push(token);
        const before = metrics.read();
        for (const token of known(taken)) metrics.push(token);
        for (const _ of known(taken)) metrics.pop();
        expect(metrics.read()).toEqual(before);
        for (const token of known(taken)) metrics.push(token);
        const straight = new TextMetrics({ window });
        for (const token of known([...kept, ...taken])) straight.push(token);
        expect(metrics.read()).toEqual(straight.read());
      }),
    );
  });

  it('are of the last tokens where there is a window', () => {
    const metrics = new TextMetrics({ window: 4 });
    for (const token of [7, 7, 7, 7, 7, 1, 2, 3, 4]) metrics.push({ token, logprob: -token });
    expect(metrics.read()).toMatchObject({ tokens: 4, coherence: -2.5, diversity: 1 });
    metrics.pop();
    expect(metrics.read()).toMatchObject({ coherence: -3.25, distinct: { 1: 1 } });
  });

  it('of text that repeats itself once are those worked out by hand', () => {
    const metrics = new TextMetrics();
    for (const token of [1, 2, 3, 1, 2, 3]) metrics.push({ token, logprob: -Math.log(8) });
    const { perplexity, distinct, repetition, diversity, loop } = metrics.read();
    expect(perplexity).toBeCloseTo(8, 12);
    expect(distinct).toEqual({ 1: 3 / 6, 2: 3 / 5, 3: 3 / 4, 4: 1 });
    expect(repetition[2]).toBeCloseTo(0.4, 12);
    expect(diversity).toBeCloseTo(0.45, 12);
    expect(loop).toEqual({ period: 3, repeats: 2 });
  });

  it('of no text are undefined, and nothing is repeated', () => {
    expect(new TextMetrics().read()).toEqual({
      tokens: 0,
      surprisal: undefined,
      perplexity: undefined,
      coherence: undefined,
      distinct: { 1: 1, 2: 1, 3: 1, 4: 1 },
      repetition: { 2: 0, 3: 0, 4: 0 },
      diversity: 1,
      loop: undefined,
      entropy: undefined,
      varentropy: undefined,
      typicality: undefined,
    });
  });
});

describe('a loop', () => {
  const loopAfter = (tokens: number[]) => {
    const metrics = new TextMetrics();
    for (const token of tokens) metrics.push({ token, logprob: -1 });
    return metrics.read().loop;
  };

  it('is found by the published rule, in texts that get stuck', () => {
    const phrase = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 95 });
    fc.assert(
      fc.property(
        phrase,
        phrase,
        fc.integer({ min: 1, max: 60 }),
        fc.nat(),
        (start, repeated, times, cut) => {
          const stuck = Array.from({ length: times }, () => repeated).flat();
          const text = [...start, ...stuck, ...repeated.slice(0, cut % repeated.length)];
          expect(loopAfter(text)).toEqual(loopOf(text));
        },
      ),
    );
  });

  it('is there again when the tokens that ended it are taken back', () => {
    const phrase = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 20 });
    fc.assert(
      fc.property(phrase, phrase, fc.integer({ min: 2, max: 6 }), (repeated, after, times) => {
        const stuck = Array.from({ length: times }, () => repeated).flat();
        const metrics = new TextMetrics();
        for (const token of stuck) metrics.push({ token, logprob: -1 });
        for (const token of after) metrics.push({ token, logprob: -1 });
        for (const _ of after) metrics.pop();
        expect(metrics.read().loop).toEqual(loopOf(stuck));
        for (const token of repeated) metrics.push({ token, logprob: -1 });
        expect(metrics.read().loop).toEqual(loopOf([...stuck, ...repeated]));
      }),
    );
  });

  it('of one or two tokens counts only after 50 times', () => {
    expect(loopAfter(new Array(50).fill(4))).toBeUndefined();
    expect(loopAfter(new Array(51).fill(4))).toEqual({ period: 1, repeats: 51 });
  });

  it('of more than 90 tokens is not looked for', () => {
    const phrase = Array.from({ length: 91 }, (_, i) => i);
    expect(loopAfter([...phrase.slice(1), ...phrase.slice(1)])).toEqual({ period: 90, repeats: 2 });
    expect(loopAfter([...phrase, ...phrase])).toBeUndefined();
  });
});

describe('what is no token of a text', () => {
  it('is refused and leaves no trace', () => {
    const metrics = new TextMetrics();
    metrics.push({ token: 1, logprob: -1, entropy: 1 });
    const before = metrics.read();
    for (const logprob of [0.1, -Infinity, Number.NaN])
      expect(() => metrics.push({ token: 1, logprob })).toThrow(
        `logprob must be a number in (-Infinity, 0], got ${logprob}`,
      );
    expect(() => metrics.push({ token: -1, logprob: 0 })).toThrow('token ids must be integers ≥ 0');
    expect(() => metrics.push({ token: 1, logprob: 0, entropy: -1 })).toThrow('entropy');
    expect(() => metrics.push({ token: 1, logprob: 0, varentropy: Infinity })).toThrow(
      'varentropy must be a number in [0, Infinity), got Infinity',
    );
    expect(metrics.read()).toEqual(before);
    metrics.pop();
    expect(() => metrics.pop()).toThrow('no token to take back');
    expect(() => new TextMetrics({ window: 3 })).toThrow('window must be an integer in [4,');
  });
});
