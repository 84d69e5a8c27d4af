import { runInNewContext } from 'node:vm';
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
      noRepeatNgramSize: 0,
      badWords: [],
      bannedTokens: [],
      endTokens: [],
      minNewTokens: 0,
      temperature: 1,
      topK: 0,
      topP: 1,
      minP: 0,
      typicalP: 1,
      epsilonCutoff: 0,
      etaCutoff: 0,
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
    const given = {
      logitBias: { 3: 1 },
      badWords: [[1, 2]],
      endTokens: [0],
      dry: { multiplier: 1, sequenceBreakers: [5] },
      order: ['logitBias', 'dry', 'badWords', 'topK'],
      topK: 4,
      seed: -5,
    };
    const sampler = new Sampler(given);
    given.logitBias[3] = 9;
    given.badWords[0].pop();
    given.endTokens.push(1);
    given.dry.sequenceBreakers.push(6);
    given.order.pop();
    expect(sampler.options.badWords).toEqual([[1, 2]]);
    expect(sampler.options.endTokens).toEqual([0]);
    expect(sampler.options.dry).toEqual({
      multiplier: 1,
      base: 1.75,
      allowedLength: 2,
      sequenceBreakers: [5],
    });
    for (const part of [
      sampler.options.badWords,
      sampler.options.badWords[0],
      sampler.options.endTokens,
      sampler.options.bannedTokens,
      sampler.options.dry,
      sampler.options.dry?.sequenceBreakers,
    ])
      expect(Object.isFrozen(part)).toBe(true);
    expect(sampler.options.logitBias).toEqual({ 3: 1 });
    expect(sampler.options.order).toEqual(['logitBias', 'dry', 'badWords', 'topK']);
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

  it('count wherever an object has them', () => {
    class Mine {
      get topK() {
        return 3;
      }
      toString() {
        return 'mine';
      }
    }
    for (const options of [
      Object.create({ topK: 3 }),
      Object.assign(Object.create(null), { topK: 3 }),
      runInNewContext('({ topK: 3 })'),
      new Mine(),
      new (class extends Mine {})(),
    ])
      expect(parseSamplingOptions(options).topK).toBe(3);
    expect(parseSamplingOptions({ xtc: Object.create({ probability: 1 }) }).xtc).toEqual({
      probability: 1,
      threshold: 0.1,
    });
  });

  it('take biases wherever an object has them, and from a Map of another realm', () => {
    class Getter {
      get 0() {
        return -100;
      }
    }
    for (const logitBias of [
      Object.create({ 0: -100 }),
      Object.assign(Object.create(null), { 0: -100 }),
      new Getter(),
      runInNewContext('({ 0: -100 })'),
      runInNewContext('new Map([[0, -100]])'),
      new (class extends Map<number, number> {})([[0, -100]]),
    ])
      expect(parseSamplingOptions({ logitBias }).logitBias).toEqual({ 0: -100 });
  });

  it('fill in the members of a group', () => {
    expect(
      parseSamplingOptions({
        dynamicTemperature: { range: 0.5 },
        xtc: { probability: 0.5, threshold: undefined },
      }),
    ).toMatchObject({
      dynamicTemperature: { range: 0.5, exponent: 1 },
      xtc: { probability: 0.5, threshold: 0.1 },
    });
    expect(parseSamplingOptions({ mirostat: { version: 2 } }).mirostat).toEqual({
      version: 2,
      tau: 5,
      eta: 0.1,
    });
  });

  it('accept the ends of every closed interval', () => {
    const ends: SamplingOptions[] = [
      { temperature: 0 },
      { temperature: Infinity },
      { topK: 0 },
      { topP: 0 },
      { topP: 1 },
      { minP: 0 },
      { minP: 1 },
      { penaltyWindow: -1 },
      { penaltyWindow: 1, presencePenalty: 1 },
      { minTokensToKeep: 1 },
      { repetitionPenalty: Number.MIN_VALUE },
      { typicalP: Number.MIN_VALUE },
      { typicalP: 1 },
      { topNSigma: Number.MIN_VALUE },
      { topA: Number.MIN_VALUE },
      { topH: Number.MIN_VALUE },
      { epsilonCutoff: 0 },
      { etaCutoff: 0 },
      { xtc: { probability: 0, threshold: 0 } },
      { xtc: { probability: 1, threshold: 0.5 } },
      { dynamicTemperature: { range: 0, exponent: Number.MIN_VALUE } },
      { mirostat: { version: 1, tau: 0, eta: 0 } },
      { mirostat: { version: 2 } },
      { dry: { multiplier: 0, base: 1, allowedLength: 1, sequenceBreakers: [] } },
      { noRepeatNgramSize: 0 },
      { endTokens: [0], minNewTokens: 1 },
      { allowedTokens: [0] },
      { bannedTokens: [Number.MAX_SAFE_INTEGER] },
      { badWords: [[0], [1, 2]] },
      { seed: 0 },
      { seed: Number.MIN_SAFE_INTEGER },
      { seed: Number.MAX_SAFE_INTEGER },
    ];
    for (const options of ends) expect(new Sampler(options).options).toMatchObject(options);
  });
});

describe('order', () => {
  const names = (order?: SamplingOptions['order']) =>
    new Sampler({ order }).describe().map(({ name }) => name);

  it('has presets that name every stage exactly once', () => {
    expect(names('temperature-first')).toEqual(names());
    expect(new Set(names()).size).toBe(names().length);
    expect(names('temperature-last').sort()).toEqual(names().sort());
  });

  it('cuts after the temperature by default, and before it as llama.cpp does', () => {
    const rest = (order: SamplingOptions['order']) => names(order).slice(9).join(' ');
    expect(names().slice(0, 9).join(' ')).toBe(
      'logitBias penalties dry noRepeatNgram badWords bannedTokens allowedTokens minNewTokens constraint',
    );
    expect(names('temperature-last').slice(0, 9)).toEqual(names().slice(0, 9));
    expect(rest('temperature-first')).toBe(
      'temperature topNSigma topK topP minP typicalP epsilonCutoff etaCutoff topA topH xtc mirostat',
    );
    expect(rest('temperature-last')).toBe(
      'topNSigma topK typicalP topP minP epsilonCutoff etaCutoff topA topH xtc temperature mirostat',
    );
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
    [{ penaltyWindow: -2 }, 'penaltyWindow must be an integer ≥ -1 other than 0, got -2'],
    [
      { penaltyWindow: 0, presencePenalty: 1 },
      'penaltyWindow must be an integer ≥ -1 other than 0, got 0',
    ],
    [
      { penaltyWindow: 64, repetitionPenalty: 1 },
      'penaltyWindow must be -1 where repetitionPenalty is 1 and presencePenalty and frequencyPenalty are 0, as no penalty looks at it, got 64',
    ],
    [
      { minTokensToKeep: 2, topP: 1, presencePenalty: 1, temperature: 0.5 },
      'minTokensToKeep must be 1 where no filter is set, as there is none to hold back, got 2',
    ],
    [{ minTokensToKeep: 2, topH: 1 }, 'minTokensToKeep must be 1 where no filter is set'],
    [{ minTokensToKeep: 0 }, 'minTokensToKeep must be an integer ≥ 1, got 0'],
    [{ seed: 0.5 }, 'seed must be a safe integer, got 0.5'],
    [{ seed: 2 ** 53 }, 'seed must be a safe integer, got 9007199254740992'],
    [{ logitBias: [1] }, 'logitBias must be a record or Map of token ids'],
    [{ logitBias: null }, 'logitBias must be a record or Map of token ids'],
    [{ logitBias: new Set([4]) }, 'to finite numbers or -Infinity, got [object Set]'],
    [{ logitBias: new WeakMap() }, 'to finite numbers or -Infinity, got [object WeakMap]'],
    [{ logitBias: Int32Array.of(4) }, 'to finite numbers or -Infinity, got [object Int32Array]'],
    [
      { xtc: new Map([['probability', 1]]) },
      'xtc must be an object with probability, threshold, got [object Map]',
    ],
    [{ logitBias: { 4: Infinity } }, 'logitBias[4] must be a finite number or -Infinity'],
    [{ logitBias: { 4: Number.NaN } }, 'logitBias[4] must be a finite number or -Infinity'],
    [{ logitBias: { 4: '1' } }, 'logitBias[4] must be a finite number or -Infinity, got "1"'],
    [{ logitBias: { '04': 1 } }, 'a token id in logitBias must be an integer ≥ 0, got "04"'],
    [{ logitBias: { hello: 1 } }, 'a token id in logitBias must be an integer ≥ 0, got "hello"'],
    [{ logitBias: { '-1': 1 } }, 'a token id in logitBias must be an integer ≥ 0, got -1'],
    [{ logitBias: new Map([['4', 1]]) }, 'a token id in logitBias must be an integer'],
    [{ typicalP: 0 }, 'typicalP must be a number in (0, 1], got 0'],
    [{ typicalP: 1.1 }, 'typicalP must be a number in (0, 1], got 1.1'],
    [{ topNSigma: 0 }, 'topNSigma must be a number in (0, Infinity), got 0'],
    [{ epsilonCutoff: 1 }, 'epsilonCutoff must be a number in [0, 1), got 1'],
    [{ etaCutoff: -0.1 }, 'etaCutoff must be a number in [0, 1), got -0.1'],
    [{ topA: 0 }, 'topA must be a number in (0, Infinity), got 0'],
    [{ topH: -1 }, 'topH must be a number in (0, Infinity), got -1'],
    [{ noRepeatNgramSize: -1 }, 'noRepeatNgramSize must be an integer ≥ 0, got -1'],
    [{ minNewTokens: 0.5 }, 'minNewTokens must be an integer ≥ 0, got 0.5'],
    [{ xtc: 0.5 }, 'xtc must be an object with probability, threshold, got 0.5'],
    [{ xtc: [0.5] }, 'xtc must be an object with probability, threshold, got [0.5]'],
    [{ xtc: null }, 'xtc must be an object with probability, threshold, got null'],
    [{ xtc: {} }, 'xtc.probability must be a number in [0, 1], got undefined'],
    [{ xtc: { probability: 2 } }, 'xtc.probability must be a number in [0, 1], got 2'],
    [{ xtc: { probability: 1, threshold: 0.6 } }, 'xtc.threshold must be a number in [0, 0.5]'],
    [{ mirostat: { tau: 3 } }, 'mirostat.version must be an integer in [1, 2], got undefined'],
    [{ mirostat: { version: 3 } }, 'mirostat.version must be an integer in [1, 2], got 3'],
    [{ mirostat: { version: 2, tau: -1 } }, 'mirostat.tau must be a number in [0, Infinity)'],
    [{ mirostat: { version: 2, eta: '1' } }, 'mirostat.eta must be a number in [0, Infinity)'],
    [{ dynamicTemperature: {} }, 'dynamicTemperature.range must be a number in [0, Infinity)'],
    [
      { dynamicTemperature: { range: 1, exponent: 0 } },
      'dynamicTemperature.exponent must be a number in (0, Infinity), got 0',
    ],
    [{ dry: { base: 2 } }, 'dry.multiplier must be a number in [0, Infinity), got undefined'],
    [{ dry: { multiplier: 1, base: 0.9 } }, 'dry.base must be a number in [1, Infinity), got 0.9'],
    [{ dry: { multiplier: 1, allowedLength: 0 } }, 'dry.allowedLength must be an integer ≥ 1'],
    [
      { dry: { multiplier: 1, sequenceBreakers: '\n' } },
      'dry.sequenceBreakers must be a list of token ids, got "\\n"',
    ],
    [{ bannedTokens: 5 }, 'bannedTokens must be a list of token ids, got 5'],
    [{ bannedTokens: [1, '2'] }, 'a token id in bannedTokens must be an integer ≥ 0, got "2"'],
    [{ endTokens: [-1] }, 'a token id in endTokens must be an integer ≥ 0, got -1'],
    [{ endTokens: new Array(1) }, 'a token id in endTokens must be an integer ≥ 0, got undefined'],
    [{ allowedTokens: [] }, 'allowedTokens must be a list of at least one token id, got []'],
    [{ badWords: [1] }, 'badWords[0] must be a list of at least one token id, got 1'],
    [{ badWords: [[1], []] }, 'badWords[1] must be a list of at least one token id, got []'],
    [{ badWords: [[0.5]] }, 'a token id in badWords[0] must be an integer ≥ 0, got 0.5'],
    [{ badWords: {} }, 'badWords must be a list of lists of at least one token id, got {}'],
    [{ constraint: 'json' }, 'constraint must be an object with the methods fillMask, accept and'],
    [{ constraint: { fillMask() {}, accept() {} } }, 'constraint must be an object with the'],
    [{ minNewTokens: 5 }, 'minNewTokens must be 0 where endTokens is empty'],
    [
      { dynamicTemperature: { range: 1 }, temperature: Infinity },
      'dynamicTemperature must be absent where temperature is Infinity',
    ],
    [{ order: ['topK'], xtc: { probability: 1 } }, 'order leaves out xtc, but xtc is set'],
    [
      { order: ['temperature'], endTokens: [1], minNewTokens: 1 },
      'order leaves out minNewTokens, but endTokens / minNewTokens is set',
    ],
    [{ order: 'temperature' }, 'order must be "temperature-first", "temperature-last" or a list'],
    [{ order: ['topK', 'top_p'] }, 'order holds "top_p" at index 1; legal names: logitBias,'],
    [{ order: ['topK', 7] }, 'order holds 7 at index 1'],
    [{ order: ['topK', 'minP', 'topK'] }, 'order holds "topK" twice, at index 2'],
    [{ order: ['topP'], topK: 3 }, 'order leaves out topK, but topK is set'],
    [
      { order: ['topP'], frequencyPenalty: 1 },
      'order leaves out penalties, but frequencyPenalty is set and would do nothing',
    ],
    [{ order: ['topK', 'logitBias'] }, 'order puts logitBias after topK'],
    [{ order: ['temperature', 'penalties'] }, 'order puts penalties after temperature'],
  ])('%o', (options, message) => {
    const error = refusal(options);
    expect(error.code).toBe('INVALID_OPTION');
    expect(error.message).toContain(message);
  });

  it.each<SamplingOptions>([
    { topNSigma: 1 },
    { topK: 5 },
    { topP: 0.5 },
    { minP: 0.5 },
    { typicalP: 0.5 },
    { epsilonCutoff: 0.1 },
    { etaCutoff: 0.1 },
    { topA: 0.5 },
    { topH: 0.5 },
    { xtc: { probability: 1 } },
  ])('mirostat beside %j', (filter) => {
    const [name] = Object.keys(filter);
    expect(refusal({ mirostat: { version: 2 }, ...filter }).message).toBe(
      `mirostat must be absent where ${name} is set, as it stands in for all other filters, got {version: 2, tau: 5, eta: 0.1}`,
    );
  });

  it('biases that only look like a Map, or by names that are no ids', () => {
    const disguised = { [Symbol.toStringTag]: 'Map' };
    expect(refusal({ logitBias: disguised }).message).toContain('got [object Map]');
    class Mine {
      get mass() {
        return 1;
      }
    }
    expect(refusal({ logitBias: new Mine() }).message).toContain('got "mass"');
  });

  it('but not one that is needed beside another, nor a default', () => {
    for (const penalty of ['repetitionPenalty', 'presencePenalty', 'frequencyPenalty'])
      expect(parseSamplingOptions({ penaltyWindow: 64, [penalty]: 0.5 }).penaltyWindow).toBe(64);
    for (const filter of [{ topK: 1 }, { xtc: { probability: 1 } }, { mirostat: { version: 1 } }])
      expect(
        parseSamplingOptions({ minTokensToKeep: 2, ...filter } as SamplingOptions),
      ).toMatchObject({
        minTokensToKeep: 2,
      });
    expect(parseSamplingOptions({ penaltyWindow: -1, minTokensToKeep: 1 })).toEqual(
      parseSamplingOptions(),
    );
    expect(parseSamplingOptions({ endTokens: [3] }).endTokens).toEqual([3]);
  });

  it('members that are none', () => {
    const error = refusal({ xtc: { probability: 1, treshold: 0.1 } });
    expect(error.code).toBe('UNKNOWN_OPTION');
    expect(error.message).toBe(
      'unknown xtc option "treshold" (did you mean "threshold"?); legal options: probability, threshold',
    );
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
    for (const name of ['beams', 'tfs', 'x', '', 'constructor', '__proto__x']) {
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

  it('anything that is no object of names and values', () => {
    const others = [
      new Map([['topK', 1]]),
      new Set(['topK']),
      new Date(),
      /topK/,
      new Error('topK'),
    ];
    for (const options of [null, 7, 'topK', [], () => 1, ...others]) {
      const error = refusal(options);
      expect(error.code).toBe('INVALID_OPTION');
      expect(error.message).toContain('sampling options must be an object of names and values');
    }
  });

  it('names that only a getter has, or that no loop would show', () => {
    class Mine {
      get top_k() {
        return 1;
      }
    }
    const hidden = Object.defineProperty({}, 'top_k', { value: 1 });
    for (const options of [new Mine(), new (class extends Mine {})(), hidden]) {
      const error = refusal(options);
      expect(error.code).toBe('UNKNOWN_OPTION');
      expect(error.message).toContain('unknown sampling option "top_k" (did you mean "topK"?)');
    }
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
