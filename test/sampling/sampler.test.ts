import fc from 'fast-check';
import { KelvinError, Sampler, type SamplingOptions, uniform } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { fromProbabilities, row } from './logits.ts';

const even = row(0, 0, 0, 0, 0, 0, 0, 0);
const draws = (sampler: Sampler, n: number, logits = even) =>
  Array.from({ length: n }, () => sampler.sample(logits).token);

describe('a sample', () => {
  it('tells the raw and the shaped side of the drawn token', () => {
    const sampler = new Sampler({ topK: 2, seed: 3 });
    const logits = fromProbabilities(0.2, 0.5, 0.3);
    const seen = new Set<number>();
    for (let step = 0; step < 50; step++) {
      const sample = sampler.sample(logits, { step });
      seen.add(sample.token);
      const isTop = sample.token === 1;
      expect(Math.exp(sample.logprob)).toBeCloseTo(isTop ? 0.5 : 0.3, 6);
      expect(Math.exp(sample.shapedLogprob)).toBeCloseTo(isTop ? 0.625 : 0.375, 6);
      expect(sample.rank).toBe(isTop ? 1 : 2);
      expect(sample.kept).toBe(2);
      expect(sample.entropy).toBeCloseTo(-0.625 * Math.log(0.625) - 0.375 * Math.log(0.375), 6);
      expect(sample.rawEntropy).toBeCloseTo(1.0296530140645737, 6);
      expect(sample).not.toHaveProperty('distribution');
    }
    expect([...seen].sort()).toEqual([1, 2]);
  });

  it('ranks by the raw logits, ties by id, whatever the edits say', () => {
    const sampler = new Sampler({ temperature: 0, logitBias: { 3: 100 } });
    expect(sampler.sample(row(5, 7, 5, 5))).toMatchObject({ token: 3, rank: 4 });
  });

  it('has exact logprobs where the probability underflows', () => {
    const sampler = new Sampler({ logitBias: { 0: -Infinity } });
    const sample = sampler.sample(row(0, -2000));
    expect([sample.token, sample.logprob, sample.shapedLogprob]).toEqual([1, -2000, 0]);
  });

  it('carries the distribution when asked', () => {
    const sampler = new Sampler({ topK: 2 });
    const logits = row(3, 1, 2);
    const inspected = sampler.inspect(logits, { top: 3 });
    expect(sampler.sample(logits, { top: 3 }).distribution).toEqual(inspected);
    expect(sampler.sample(logits, { top: 0 }).distribution?.candidates).toEqual([]);
  });

  it('draws by inverse CDF in id order from the uniform of (seed, 0, step)', () => {
    const weights = [0.1, 0.4, 0.3, 0.2];
    const sampler = new Sampler({ seed: -9 });
    for (let step = 0; step < 200; step++) {
      let running = 0;
      const u = uniform(-9, 0, step);
      const expected = weights.findIndex((weight) => {
        running += weight;
        return running > u;
      });
      expect(sampler.sample(fromProbabilities(...weights), { step }).token).toBe(expected);
    }
  });
});

describe('state', () => {
  it('a plain loop accepts what it draws', () => {
    const sampler = new Sampler({ presencePenalty: 1e6, seed: 1 });
    expect([...draws(sampler, 8)].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });

  it('the loop is the same as calls with an explicit history and step', () => {
    const options = { frequencyPenalty: 1.5, temperature: 1.3, seed: 5 };
    const loop = draws(new Sampler(options), 30);
    const history: number[] = [];
    const pure = new Sampler(options);
    for (const token of loop) {
      const at = { history: Int32Array.from(history), step: history.length };
      expect(pure.sample(even, at).token).toBe(token);
      history.push(token);
    }
  });

  it('a history alone implies the step: its length', () => {
    const sampler = new Sampler({ seed: 5 });
    const tokens = draws(sampler, 12);
    for (const [n, token] of tokens.entries())
      expect(sampler.sample(even, { history: tokens.slice(0, n) }).token).toBe(token);
  });

  it('calls with a history or step, inspect and probabilities change nothing', () => {
    const options = { seed: 8, frequencyPenalty: 2 };
    const [disturbed, alone] = [new Sampler(options), new Sampler(options)];
    for (let n = 0; n < 20; n++) {
      disturbed.sample(even, { step: 3 });
      disturbed.sample(even, { history: [1, 2] });
      disturbed.inspect(even);
      disturbed.probabilities(even);
      disturbed.describe();
      expect(disturbed.sample(even)).toEqual(alone.sample(even));
    }
  });

  it('with a step alone the accepted history counts', () => {
    const sampler = new Sampler({ presencePenalty: 1e6 });
    sampler.accept(0);
    for (let step = 0; step < 30; step++) expect(sampler.sample(row(9, 0), { step }).token).toBe(1);
  });

  it('an accepted token advances the step as a drawn one does', () => {
    const sampler = new Sampler({ seed: 4 });
    sampler.accept(7);
    expect(sampler.sample(even).token).toBe(
      new Sampler({ seed: 4 }).sample(even, { step: 1 }).token,
    );
  });

  it('reset replays the same luck, over a new history that is not counted as steps', () => {
    const sampler = new Sampler({ seed: 4 });
    const first = draws(sampler, 10);
    sampler.reset(new Set([1, 2, 3]));
    expect(draws(sampler, 10)).toEqual(first);

    const penalised = new Sampler({ presencePenalty: 1e6 });
    penalised.reset([0, 1, 2, 3, 4, 5, 6]);
    expect(penalised.sample(even).token).toBe(7);
    penalised.reset();
    expect(penalised.probabilities(even)[0]).toBe(1 / 8);
  });

  it('the luck of a step does not depend on what was cut before it', () => {
    const options = { seed: 6, minP: 0.1 };
    const [narrow, wide] = [new Sampler(options), new Sampler(options)];
    draws(narrow, 9, row(9, 0, 0, 0, 0, 0, 0, 0));
    draws(wide, 9, even);
    expect(draws(narrow, 20)).toEqual(draws(wide, 20));
  });
});

describe('bad input', () => {
  const bad: [string, unknown, string, string][] = [
    ['NaN', row(1, Number.NaN, 2), 'INVALID_LOGITS', 'got NaN at index 1 of 3'],
    ['NaN last', row(1, 2, Number.NaN), 'INVALID_LOGITS', 'got NaN at index 2 of 3'],
    ['NaN after -Infinity', row(-Infinity, Number.NaN), 'INVALID_LOGITS', 'NaN at index 1'],
    ['Infinity', row(Infinity, 0), 'INVALID_LOGITS', 'got Infinity at index 0 of 2'],
    ['only -Infinity', row(-Infinity, -Infinity), 'INVALID_LOGITS', 'all 2 logits are -Infinity'],
    ['empty', row(), 'INVALID_LOGITS', 'must not be empty'],
    ['an array', [1, 2], 'INVALID_LOGITS', 'must be a Float32Array, got [1, 2]'],
    ['Float64Array', Float64Array.of(1), 'INVALID_LOGITS', 'got [object Float64Array]'],
    ['undefined', undefined, 'INVALID_LOGITS', 'got undefined'],
  ];

  it.each(bad)('%s: refused by all three, state unchanged', (_name, logits, code, message) => {
    const options: SamplingOptions = { seed: 2, frequencyPenalty: 1 };
    const [sampler, alone] = [new Sampler(options), new Sampler(options)];
    expect(draws(sampler, 3)).toEqual(draws(alone, 3));
    for (const method of ['sample', 'probabilities', 'inspect'] as const)
      expect(() => sampler[method](logits as Float32Array)).toThrow(
        expect.objectContaining({ code, message: expect.stringContaining(message) }),
      );
    expect(draws(sampler, 10)).toEqual(draws(alone, 10));
  });

  it('tokens and steps that cannot be', () => {
    const sampler = new Sampler({ seed: 2 });
    const tokenError = (message: string) =>
      expect.objectContaining({ code: 'INVALID_TOKEN', message: expect.stringContaining(message) });
    expect(() => sampler.sample(even, { history: [0, 8] })).toThrow(
      tokenError('history: token ids must be integers ≥ 0 and < 8, got 8 at index 1'),
    );
    expect(() => sampler.sample(even, { history: [-1] })).toThrow(tokenError('got -1 at index 0'));
    expect(() => sampler.sample(even, { history: [1.5] })).toThrow(tokenError('got 1.5'));
    expect(() => sampler.accept(-1)).toThrow(tokenError('got -1'));
    expect(() => sampler.accept(Number.NaN)).toThrow(tokenError('got NaN'));
    expect(() => sampler.reset([3, -2])).toThrow(tokenError('got -2 at index 1'));
    const argumentError = (message: string) =>
      expect.objectContaining({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining(message),
      });
    expect(() => sampler.sample(even, { step: -1 })).toThrow(argumentError('step'));
    expect(() => sampler.sample(even, { step: 0.5 })).toThrow(argumentError('step'));
    expect(() => sampler.sample(even, { top: -1 })).toThrow(argumentError('top'));
    expect(() => sampler.inspect(even, { top: Number.NaN })).toThrow(argumentError('top'));
    expect(draws(sampler, 5)).toEqual(draws(new Sampler({ seed: 2 }), 5));
  });

  it('of any kind gives a KelvinError and nothing else', () => {
    const anyRow = fc.array(
      fc.oneof(fc.double(), fc.constantFrom(Number.NaN, -Infinity, Infinity)),
    );
    fc.assert(
      fc.property(anyRow, (values) => {
        const sampler = new Sampler({ topP: 0.9, temperature: 0.7 });
        try {
          const { token } = sampler.sample(Float32Array.from(values));
          expect(Float32Array.from(values)[token]).toBeGreaterThan(-Infinity);
        } catch (error) {
          expect(error).toBeInstanceOf(KelvinError);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('does not touch the logits', () => {
    const logits = row(3, 1, 2);
    new Sampler({ topK: 1, repetitionPenalty: 2, temperature: 0.2 }).sample(logits, {
      history: [0, 1],
    });
    expect([...logits]).toEqual([3, 1, 2]);
  });
});

describe('describe', () => {
  it('gives the chain in order with its parameters, idle links marked', () => {
    const sampler = new Sampler({ temperature: 0.7, topK: 40, order: 'temperature-last' });
    const links = sampler.describe();
    expect(links.map(({ name }) => name).join(' ')).toBe(
      'logitBias penalties dry noRepeatNgram badWords bannedTokens allowedTokens minNewTokens constraint topNSigma topK typicalP topP minP epsilonCutoff etaCutoff topA topH xtc temperature mirostat',
    );
    expect(links.filter(({ active }) => active)).toEqual([
      { name: 'topK', parameters: { topK: 40 }, active: true },
      {
        name: 'temperature',
        parameters: { temperature: 0.7, dynamicTemperature: undefined },
        active: true,
      },
    ]);
    expect(links[1]).toEqual({
      name: 'penalties',
      parameters: {
        repetitionPenalty: 1,
        presencePenalty: 0,
        frequencyPenalty: 0,
        penaltyWindow: -1,
      },
      active: false,
    });
    const some = new Sampler({
      topK: 40,
      temperature: 0.7,
      order: ['topK', 'minP', 'temperature'],
    });
    expect(String(some)).toBe(
      'logits -> topK{topK: 40} -> ?minP -> temperature{temperature: 0.7} -> draw',
    );
  });

  it('calls idle what comes after temperature 0, which leaves one token', () => {
    const idle = (options: SamplingOptions) => String(new Sampler({ temperature: 0, ...options }));
    expect(idle({ topK: 40, order: ['topK', 'temperature'] })).toBe(
      'logits -> topK{topK: 40} -> temperature{temperature: 0} -> draw',
    );
    expect(idle({ topK: 40, order: ['temperature', 'topK'] })).toBe(
      'logits -> temperature{temperature: 0} -> ?topK -> draw',
    );
    expect(idle({ presencePenalty: 1 })).toContain(
      'penalties{repetitionPenalty: 1, presencePenalty: 1',
    );
    expect(idle({ mirostat: { version: 2 }, order: 'temperature-last' })).toMatch(
      /temperature: 0} -> \?mirostat -> draw$/,
    );
    const order = ['temperature', 'topK'];
    // A temperature that can move leaves more; one that cannot is 0.
    const dynamic = (range: number) => idle({ topK: 4, order, dynamicTemperature: { range } });
    expect(dynamic(0.5)).toContain('-> topK{topK: 4} ->');
    expect(dynamic(0)).toContain('-> ?topK ->');
  });

  it('calls top-h idle where it keeps everything', () => {
    const text = (topH: number) => String(new Sampler({ topH, order: ['topH'] }));
    expect(text(0.99)).toBe('logits -> topH{topH: 0.99} -> draw');
    expect(text(1)).toBe('logits -> ?topH -> draw');
    expect(text(1.5)).toBe('logits -> ?topH -> draw');
  });
});
