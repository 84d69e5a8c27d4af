// Callers that TypeScript would have stopped: nothing given is ignored, nothing fails untyped.
import { type Constraint, KelvinError, Sampler } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';

const logits = Float32Array.of(1, 3, 2);
const doors: [string, (sampler: Sampler, at: never) => unknown][] = [
  ['sample', (sampler, at) => sampler.sample(logits, at)],
  ['sampleToken', (sampler, at) => sampler.sampleToken(logits, at)],
  ['probabilities', (sampler, at) => sampler.probabilities(logits, at)],
  ['inspect', (sampler, at) => sampler.inspect(logits, at)],
  ['candidate', (sampler, at) => sampler.candidate(logits, 1, at)],
];
const positions: [unknown, string, string][] = [
  [null, 'INVALID_OPTION', 'must be an object of names and values, got null'],
  [[1], 'INVALID_OPTION', 'must be an object of names and values, got [1]'],
  [{ histori: [1] }, 'UNKNOWN_OPTION', 'legal options: history, step'],
  [{ history: null }, 'INVALID_ARGUMENT', 'history must be an array of token ids'],
  [{ history: 5 }, 'INVALID_ARGUMENT', 'got 5'],
  [{ history: new Set([1]) }, 'INVALID_ARGUMENT', 'got [object Set]'],
  [{ history: ['1'] }, 'INVALID_TOKEN', 'got "1" at index 0'],
  [{ step: '1' }, 'INVALID_ARGUMENT', 'step must be an integer'],
];

function thrown(act: () => unknown): KelvinError {
  try {
    act();
  } catch (error) {
    if (error instanceof KelvinError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe.each(doors)('%s', (_, ask) => {
  it.each(positions)('refuses %o', (at, code, words) => {
    const sampler = new Sampler({ seed: 1 });
    const error = thrown(() => ask(sampler, at as never));
    expect(error.code).toBe(code);
    expect(error.message).toContain(words);
    expect(sampler.sample(logits)).toEqual(new Sampler({ seed: 1 }).sample(logits));
  });
});

it('sampleToken and probabilities list no candidates, and refuse to be asked for some', () => {
  const sampler = new Sampler();
  for (const ask of [doors[1], doors[2]])
    expect(thrown(() => ask[1](sampler, { top: 3 } as never)).code).toBe('UNKNOWN_OPTION');
});

it('candidate lists none either; only inspect tells of edges, to who asks for them plainly', () => {
  const sampler = new Sampler();
  for (const at of [{ top: 3 }, { edges: true }])
    expect(thrown(() => sampler.candidate(logits, 1, at as never)).code).toBe('UNKNOWN_OPTION');
  expect(thrown(() => sampler.sample(logits, { edges: true } as never)).code).toBe(
    'UNKNOWN_OPTION',
  );
  for (const edges of [1, 'true', null]) {
    const error = thrown(() => sampler.inspect(logits, { edges } as never));
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.message).toContain('edges must be true or false, got');
  }
});

it.each([3, -1, 0.5, Number.NaN, '1', undefined])('candidate refuses the token %o', (token) => {
  const error = thrown(() => new Sampler().candidate(logits, token as never));
  expect(error.code).toBe('INVALID_TOKEN');
  expect(error.message).toContain('candidate: token ids must be integers ≥ 0 and < 3, got');
});

it.each([5, null])('reset refuses %o', (history) => {
  const sampler = new Sampler();
  const error = thrown(() => sampler.reset(history as never));
  expect([error.code, error.message]).toEqual([
    'INVALID_ARGUMENT',
    `history must be an iterable of token ids, got ${history}`,
  ]);
});

it('a history needs its step where new tokens are counted', () => {
  const sampler = new Sampler({ minNewTokens: 2, endTokens: [1], temperature: 0 });
  const error = thrown(() => sampler.sample(logits, { history: [2, 2, 2] }));
  expect([error.code, error.message]).toEqual([
    'INVALID_ARGUMENT',
    'minNewTokens needs the step too where history is given: how many of its tokens are new',
  ]);
  expect(sampler.sample(logits, { history: [2, 2, 2], step: 1 }).token).toBe(2);
  expect(sampler.sample(logits, { history: [2, 2, 2], step: 2 }).token).toBe(1);
});

describe('a constraint', () => {
  const constraint = (fillMask: Constraint['fillMask']): Constraint => ({
    fillMask,
    accept: () => {},
    reset: () => {},
  });

  it('must not ask the sampler it is in, which goes on as if it had not', () => {
    let isAsking = true;
    const sampler: Sampler = new Sampler(
      {
        constraint: constraint((mask) => {
          if (isAsking) sampler.sampleToken(logits);
          mask.fill(1);
        }),
        seed: 1,
      },
      3,
    );
    expect(thrown(() => sampler.sampleToken(logits)).message).toContain('must not use the sampler');
    isAsking = false;
    expect(sampler.sampleToken(logits)).toBe(new Sampler({ seed: 1 }).sampleToken(logits));
  });

  it.each(['accept', 'reset', 'rewind'] as const)('must not %s it either', (method) => {
    const sampler: Sampler = new Sampler({
      constraint: constraint(() => sampler[method](0 as never)),
    });
    expect(thrown(() => sampler.sampleToken(logits)).message).toContain('must not use the sampler');
  });

  it('that gives its mask away has allowed nothing', () => {
    const away = constraint((mask) =>
      structuredClone(mask, { transfer: [mask.buffer as ArrayBuffer] }),
    );
    const error = thrown(() => new Sampler({ constraint: away }).sample(logits));
    expect([error.code, error.message]).toEqual([
      'INVALID_OPTION',
      'constraint: every token is banned that could be chosen',
    ]);
  });
});
