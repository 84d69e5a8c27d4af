import fc from 'fast-check';
import {
  KelvinError,
  parseSamplingOptions,
  Sampler,
  type SamplingOptions,
  samplingOptions,
} from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { row } from './logits.ts';

/** The error of options that TypeScript would refuse as well. */
function refusal(options: unknown): KelvinError {
  try {
    new Sampler(options as SamplingOptions);
  } catch (error) {
    if (error instanceof KelvinError) return error;
    throw error;
  }
  throw new Error('the options were accepted');
}

describe('defaults', () => {
  it('change nothing', () => {
    const { seed, ...rest } = new Sampler().options;
    expect(rest).toEqual({
      logitBias: {},
      repetitionPenalty: 1,
      presencePenalty: 0,
      frequencyPenalty: 0,
      penaltyWindow: -1,
      temperature: 1,
      topK: 0,
      topP: 1,
      minP: 0,
      minTokensToKeep: 1,
      order: 'temperature-first',
    });
    expect(seed).toBeGreaterThanOrEqual(0);
    expect(new Sampler().describe().some((stage) => stage.active)).toBe(false);
  });

  it('are what undefined means, and the table says them', () => {
    const undefinedAll = Object.fromEntries(
      Object.keys(samplingOptions).map((name) => [name, undefined]),
    );
    expect(parseSamplingOptions(undefinedAll)).toEqual(parseSamplingOptions());
    expect(parseSamplingOptions()).toEqual(
      Object.fromEntries(
        Object.entries(samplingOptions).map(([name, option]) => [name, option.default]),
      ),
    );
  });

  it('make seeds that differ', () => {
    const seeds = new Set(Array.from({ length: 50 }, () => new Sampler().seed));
    expect(seeds.size).toBeGreaterThan(45);
  });
});

describe('effective options', () => {
  it('are frozen copies that make an equal sampler', () => {
    const given = { logitBias: { 3: 1 }, order: ['logitBias', 'topK'], topK: 4, seed: -5 };
    const sampler = new Sampler(given);
    given.logitBias[3] = 9;
    given.order.pop();
    expect(sampler.options.logitBias).toEqual({ 3: 1 });
    expect(sampler.options.order).toEqual(['logitBias', 'topK']);
    expect(sampler.seed).toBe(-5);
    expect(Object.isFrozen(sampler.options)).toBe(true);
    expect(Object.isFrozen(parseSamplingOptions())).toBe(true);
    expect(Object.isFrozen(sampler.options.logitBias)).toBe(true);
    expect(Object.isFrozen(sampler.options.order)).toBe(true);
    expect(new Sampler(sampler.options).options).toEqual(sampler.options);
  });

  it('take biases from a Map as from a record', () => {
    expect(
      parseSamplingOptions({
        logitBias: new Map([
          [5, -Infinity],
          [0, 2],
        ]),
      }).logitBias,
    ).toEqual({ 0: 2, 5: -Infinity });
  });

  it('accept the ends of every closed interval', () => {
    for (const options of [
      { temperature: 0 },
      { temperature: Infinity },
      { topK: 0 },
      { topP: 0 },
      { topP: 1 },
      { minP: 0 },
      { minP: 1 },
      { penaltyWindow: -1 },
      { penaltyWindow: 0 },
      { minTokensToKeep: 1 },
      { repetitionPenalty: Number.MIN_VALUE },
      { seed: 0 },
      { seed: Number.MIN_SAFE_INTEGER },
      { seed: Number.MAX_SAFE_INTEGER },
    ])
      expect(new Sampler(options).options).toMatchObject(options);
  });
});

describe('refused options', () => {
  it.each([
    [{ temperature: -0.1 }, 'temperature must be a number in [0, Infinity], got -0.1'],
    [{ temperature: Number.NaN }, 'temperature must be a number in [0, Infinity], got NaN'],
    [{ temperature: '1' }, 'temperature must be a number in [0, Infinity], got "1"'],
    [{ temperature: null }, 'temperature must be a number in [0, Infinity], got null'],
    [{ topK: -1 }, 'topK must be an integer ≥ 0, got -1'],
    [{ topK: 1.5 }, 'topK must be an integer ≥ 0, got 1.5'],
    [{ topK: Infinity }, 'topK must be an integer ≥ 0, got Infinity'],
    [{ topP: 1.01 }, 'topP must be a number in [0, 1], got 1.01'],
    [{ topP: -0.01 }, 'topP must be a number in [0, 1], got -0.01'],
    [{ minP: 2 }, 'minP must be a number in [0, 1], got 2'],
    [{ minP: true }, 'minP must be a number in [0, 1], got true'],
    [{ repetitionPenalty: 0 }, 'repetitionPenalty must be a number in (0, Infinity), got 0'],
    [{ repetitionPenalty: Infinity }, 'in (0, Infinity), got Infinity'],
    [{ presencePenalty: Infinity }, 'presencePenalty must be a number in (-Infinity, Infinity)'],
    [{ frequencyPenalty: -Infinity }, 'frequencyPenalty must be a number in (-Infinity, Infinity)'],
    [{ penaltyWindow: -2 }, 'penaltyWindow must be an integer ≥ -1, got -2'],
    [{ minTokensToKeep: 0 }, 'minTokensToKeep must be an integer ≥ 1, got 0'],
    [{ seed: 0.5 }, 'seed must be a safe integer, got 0.5'],
    [{ seed: 2 ** 53 }, 'seed must be a safe integer, got 9007199254740992'],
    [{ logitBias: [1] }, 'logitBias must be a record or Map of token ids'],
    [{ logitBias: null }, 'logitBias must be a record or Map of token ids'],
    [{ logitBias: { 4: Infinity } }, 'logitBias[4] must be a finite number or -Infinity'],
    [{ logitBias: { 4: Number.NaN } }, 'logitBias[4] must be a finite number or -Infinity'],
    [{ logitBias: { 4: '1' } }, 'logitBias[4] must be a finite number or -Infinity, got "1"'],
    [{ logitBias: { '04': 1 } }, 'a token id in logitBias must be an integer ≥ 0, got "04"'],
    [{ logitBias: { hello: 1 } }, 'a token id in logitBias must be an integer ≥ 0, got "hello"'],
    [{ logitBias: { '-1': 1 } }, 'a token id in logitBias must be an integer ≥ 0, got -1'],
    [{ logitBias: new Map([['4', 1]]) }, 'a token id in logitBias must be an integer'],
    [{ order: 'temperature' }, 'order must be "temperature-first", "temperature-last" or a list'],
    [{ order: ['topK', 'top_p'] }, 'order holds "top_p" at index 1; legal names: logitBias,'],
    [{ order: ['topK', 7] }, 'order holds 7 at index 1'],
    [{ order: ['topK', 'minP', 'topK'] }, 'order holds "topK" twice, at index 2'],
    [{ order: ['topP'], topK: 3 }, 'order leaves out topK, but topK is set'],
    [
      { order: ['topP'], frequencyPenalty: 1 },
      'order leaves out penalties, but repetitionPenalty / presencePenalty / frequencyPenalty',
    ],
    [{ order: ['topK', 'logitBias'] }, 'order puts logitBias after topK'],
    [{ order: ['temperature', 'penalties'] }, 'order puts penalties after temperature'],
  ])('%j', (options, message) => {
    const error = refusal(options);
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.message).toContain(message);
  });

  it.each([
    ['top_p', 'topP'],
    ['top-k', 'topK'],
    ['repetition_penalty', 'repetitionPenalty'],
    ['temprature', 'temperature'],
    ['presencePenality', 'presencePenalty'],
  ])('%s, which is taken for %s', (name, meant) => {
    const error = refusal({ [name]: 1 });
    expect(error.code).toBe('UNKNOWN_OPTION');
    expect(error.message).toContain(`unknown sampling option "${name}" (did you mean "${meant}"?)`);
    expect(error.message).toContain(Object.keys(samplingOptions).join(', '));
  });

  it('unknown names, with no guess where none is near', () => {
    for (const name of ['mirostat', 'xtc', 'x', '', 'constructor', '__proto__x']) {
      const error = refusal({ [name]: undefined });
      expect(error.code).toBe('UNKNOWN_OPTION');
      expect(error.message).not.toContain('did you mean');
    }
  });

  it('a bigint, which is no number here', () => {
    expect(refusal({ topK: 3n }).message).toContain('topK must be an integer ≥ 0, got 3n');
  });

  it('a value that contains itself', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.self = cyclic;
    expect(refusal({ topK: cyclic }).message).toContain('got {self: {self: [object Object]}}');
    expect(refusal({ order: [[[cyclic]]] }).message).toContain('order holds [[[object Object]]]');
  });

  it('anything that is no object', () => {
    for (const options of [null, 7, 'topK', [], () => 1])
      expect(refusal(options).message).toContain('sampling options must be an object');
  });

  it('and no other kind of error for any junk', () => {
    const name = fc.constantFrom(...Object.keys(samplingOptions));
    fc.assert(
      fc.property(fc.dictionary(name, fc.anything()), (options) => {
        try {
          new Sampler(options as SamplingOptions).sample(row(1, 2));
        } catch (error) {
          expect(error).toBeInstanceOf(KelvinError);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
