import {
  type GenerateOptions,
  generate,
  loadModel,
  type Model,
  Sampler,
  samplingOptions,
} from 'kelvin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { variant } from '../model/variant.ts';

const PROMPT = 'Once upon a time';
let model: Model;
beforeAll(async () => {
  model = await loadModel();
});
afterAll(() => model.dispose());

/** Everything a reader can see of a text. */
async function seen(options: GenerateOptions) {
  const steps: unknown[] = [];
  const generation = generate(model, PROMPT, options);
  for await (const step of generation) steps.push(step);
  const { text, finishReason } = await generation.result();
  return { steps, text, finishReason };
}

const even = Array.from({ length: 1024 }, (_, i) => 2 * i);
const samplingNames = Object.keys(samplingOptions).filter((name) => name !== 'constraint');

describe('every option acts', () => {
  const aborted = new AbortController();
  aborted.abort();
  // What is set, and what it is set against where it needs company to be felt.
  const rows: Record<string, { set: GenerateOptions; against?: GenerateOptions }> = {
    maxTokens: { set: { maxTokens: 3 } },
    stop: { set: { stop: 'e' } },
    top: { set: { top: 2 } },
    rawTop: { set: { rawTop: 2 } },
    signal: { set: { signal: aborted.signal } },
    seed: { set: { seed: 2 } },
    temperature: { set: { temperature: 0.2 } },
    topK: { set: { topK: 2 } },
    topP: { set: { topP: 0.3 } },
    minP: { set: { minP: 0.5 } },
    minTokensToKeep: { set: { minTokensToKeep: 4 }, against: { topK: 1 } },
    order: { set: { order: 'temperature-last' }, against: { topP: 0.5, temperature: 3 } },
    logitBias: { set: { logitBias: { 400: 100 } } },
    repetitionPenalty: { set: { repetitionPenalty: 3 } },
    presencePenalty: { set: { presencePenalty: 4 } },
    frequencyPenalty: { set: { frequencyPenalty: 4 } },
    penaltyWindow: { set: { penaltyWindow: 1 }, against: { repetitionPenalty: 3 } },
    dry: {
      set: { dry: { multiplier: 20, allowedLength: 1 } },
      against: { topK: 1, maxTokens: 60 },
    },
    noRepeatNgramSize: { set: { noRepeatNgramSize: 1 } },
    badWords: { set: { badWords: even.map((token) => [token]) } },
    bannedTokens: { set: { bannedTokens: even } },
    allowedTokens: { set: { allowedTokens: even } },
    endTokens: { set: { endTokens: even } },
    minNewTokens: { set: { minNewTokens: 9 }, against: { logitBias: { 0: 100 } } },
    dynamicTemperature: { set: { dynamicTemperature: { range: 1.5 } } },
    topNSigma: { set: { topNSigma: 0.5 } },
    typicalP: { set: { typicalP: 0.2 } },
    epsilonCutoff: { set: { epsilonCutoff: 0.2 } },
    etaCutoff: { set: { etaCutoff: 0.4 } },
    topA: { set: { topA: 2 } },
    topH: { set: { topH: 0.2 } },
    xtc: { set: { xtc: { probability: 1, threshold: 0.02 } } },
    mirostat: { set: { mirostat: { version: 1, tau: 0.5 } } },
  };

  it('has a row here', () => {
    const legal = ['maxTokens', 'stop', 'top', 'rawTop', 'signal', ...samplingNames];
    expect(Object.keys(rows).sort()).toEqual(legal.sort());
  });

  it.each(Object.entries(rows))('%s', async (name, { set, against }) => {
    const base = { seed: 1, temperature: 1.5, maxTokens: 16, ...against };
    expect(Object.keys(set)).toEqual([name]);
    expect(await seen({ ...base, ...set })).not.toEqual(await seen(base));
    // `undefined` is the same as absent.
    expect(
      await seen({ ...base, ...{ [name]: (base as GenerateOptions)[name as 'top'] } }),
    ).toEqual(await seen(base));
  });
});

describe('what is no option', () => {
  it.each([
    [{ maxToken: 3 }, 'UNKNOWN_OPTION', 'maxTokens'],
    [{ max_tokens: 3 }, 'UNKNOWN_OPTION', 'maxTokens'],
    [{ top_p: 0.5 }, 'UNKNOWN_OPTION', 'topP'],
    [{ zzz: undefined }, 'UNKNOWN_OPTION', 'legal options: logitBias'],
    [{ constraint: {} }, 'INVALID_OPTION', 'constraint must be absent here'],
    [{ xtc: { probability: 2 } }, 'INVALID_OPTION', 'xtc.probability must be a number in [0, 1]'],
    [{ temperature: -1 }, 'INVALID_OPTION', 'temperature'],
    [{ maxTokens: -1 }, 'INVALID_OPTION', 'maxTokens must be an integer ≥ 0, got -1'],
    [{ maxTokens: 1.5 }, 'INVALID_OPTION', 'maxTokens'],
    [{ maxTokens: '3' }, 'INVALID_OPTION', 'maxTokens must be an integer ≥ 0, got "3"'],
    [{ maxTokens: null }, 'INVALID_OPTION', 'maxTokens'],
    [{ stop: '' }, 'INVALID_OPTION', 'stop'],
    [{ stop: ['a', ''] }, 'INVALID_OPTION', 'stop'],
    [{ stop: 5 }, 'INVALID_OPTION', 'stop'],
    [{ top: -1 }, 'INVALID_OPTION', 'top'],
    [{ rawTop: 0.5 }, 'INVALID_OPTION', 'rawTop'],
    [{ signal: {} }, 'INVALID_OPTION', 'signal must be an AbortSignal'],
    [[], 'INVALID_OPTION', 'options must be an object'],
    [null, 'INVALID_OPTION', 'options must be an object'],
    [Object.create({ topPp: 1 }), 'UNKNOWN_OPTION', 'topP'],
  ])('is refused at once: %j', (options, code, message) => {
    const call = () => generate(model, PROMPT, options as GenerateOptions);
    expect(call).toThrow(expect.objectContaining({ name: 'KelvinError', code }));
    expect(call).toThrow(message);
  });

  it('tells of what the model itself set', () => {
    const options = { order: ['topK'], topK: 5 };
    expect(() => generate(model, PROMPT, options)).toThrow(
      "order leaves out temperature, but temperature is set and would do nothing; the model's own generation_config.json sets it",
    );
    expect(generate(model, PROMPT, { ...options, temperature: 1 })).toBeDefined();
  });

  const asking = (generation: object) =>
    ({ info: { ...model.info, generation }, run() {} }) as unknown as Model;

  it.each([
    [{ penaltyWindow: 64 }, { repetition_penalty: 1.1 }],
    [{ minTokensToKeep: 2 }, { top_k: 5 }],
    [{ minNewTokens: 2 }, {}],
  ])('is not %j beside what the model sets: %j', (options, generation) => {
    expect(generate(asking(generation), PROMPT, options)).toBeDefined();
    const call = () => generate(asking({}), PROMPT, { ...options, endTokens: [] });
    expect(call).toThrow(expect.objectContaining({ code: 'INVALID_OPTION' }));
    expect(call).not.toThrow('generation_config.json');
  });

  it.each([{ do_sample: false, temperature: 0.9 }, { temperature: 0 }])(
    'lets no filter do nothing behind the model’s own temperature 0: %j',
    (generation) => {
      const greedy = asking({ ...generation, top_k: 50 });
      const refused = (options: GenerateOptions) => () => generate(greedy, PROMPT, options);
      expect(refused({ topP: 0.9 })).toThrow(
        expect.objectContaining({
          code: 'INVALID_OPTION',
          message:
            "topP must come with a temperature, as the model's own generation_config.json sets temperature 0 (or do_sample false), behind which it would do nothing, got 0.9",
        }),
      );
      expect(refused({ order: 'temperature-last', topK: 0, mirostat: { version: 2 } })).toThrow(
        'mirostat must come with a temperature',
      );
      for (const options of [
        {},
        { presencePenalty: 1 },
        { topP: 1 },
        { topP: 0.9, temperature: 1 },
        { topP: 0.9, temperature: 0 },
        { topP: 0.9, dynamicTemperature: { range: 1 } },
        { typicalP: 0.9, order: 'temperature-last' as const },
      ])
        expect(generate(greedy, PROMPT, options)).toBeDefined();
    },
  );

  it('is not what a sampler tells of itself', async () => {
    const { options } = new Sampler({ topK: 3, dry: { multiplier: 1 }, seed: 4 });
    const { settings } = await generate(model, PROMPT, { ...options, maxTokens: 1 }).result();
    expect(settings.dry).toEqual({ value: options.dry, origin: 'option' });
  });

  it.each([[undefined], [5], [{}]])('is refused at once: the prompt %j', (prompt) => {
    expect(() => generate(model, prompt as unknown as string)).toThrow(
      expect.objectContaining({ name: 'KelvinError', code: 'INVALID_ARGUMENT' }),
    );
  });

  it.each([
    [{ dtyp: 'q4' }, 'UNKNOWN_OPTION', '"dtype"'],
    [{ dtype: 'q3' }, 'INVALID_OPTION', 'fp32'],
    [{ dtype: 'q4' }, 'INVALID_OPTION', 'fp32'],
    [{ threads: 0 }, 'INVALID_OPTION', 'threads'],
    [{ threads: 1.5 }, 'INVALID_OPTION', 'threads'],
  ])('is refused by loadModel: %j', async (options, code, message) => {
    await expect(loadModel(undefined, options as object)).rejects.toMatchObject({
      name: 'KelvinError',
      code,
      message: expect.stringContaining(message),
    });
  });
});

describe('what is no argument', () => {
  const invalid = { name: 'KelvinError', code: 'INVALID_OPTION' };

  it.each([[null], [5], [new URL('file:///tmp')]])('is refused by loadModel: %s', async (name) => {
    await expect(loadModel(name as unknown as string)).rejects.toMatchObject(invalid);
  });

  it.each([[null], [{}], [Promise.resolve()]])('is refused by generate: the model %s', (value) => {
    expect(() => generate(value as never, PROMPT)).toThrow(expect.objectContaining(invalid));
  });

  it('is refused by encode and decode', async () => {
    await expect(model.encode((() => 1) as never)).rejects.toMatchObject(invalid);
    await expect(model.decode(undefined as never)).rejects.toMatchObject(invalid);
    await expect(model.decode([() => 1] as never)).rejects.toMatchObject({ code: 'INVALID_TOKEN' });
  });
});

it('options count where they are inherited or read by a getter', async () => {
  class Mine {
    get temperature() {
      return 0;
    }
  }
  const options = Object.assign(Object.create({ maxTokens: 2 }), { seed: 1 });
  const { settings } = await generate(model, PROMPT, options).result();
  expect(settings.maxTokens).toEqual({ value: 2, origin: 'option' });
  const { settings: own } = await generate(model, PROMPT, new Mine()).result();
  expect(own.temperature).toEqual({ value: 0, origin: 'option' });
});

describe('settings', () => {
  it('tell their values and where each comes from', async () => {
    const { settings } = await generate(model, PROMPT, {
      topK: 5,
      stop: 'x',
      minP: undefined,
      maxTokens: 0,
    }).result();
    expect(settings).toMatchObject({
      topK: { value: 5, origin: 'option' },
      stop: { value: ['x'], origin: 'option' },
      maxTokens: { value: 0, origin: 'option' },
      minP: { value: 0, origin: 'built-in' },
      temperature: { value: model.info.generation.temperature, origin: 'model' },
      top: { value: 0, origin: 'built-in' },
    });
    expect(Object.keys(settings).sort()).toEqual(
      [...samplingNames, 'maxTokens', 'stop', 'responseFormat', 'top'].sort(),
    );
  });

  it.each([
    ['temperature', { temperature: 0.25 }, 0.25],
    ['topK', { top_k: 3 }, 3],
    ['topP', { top_p: 0.4 }, 0.4],
    ['minP', { min_p: 0.3 }, 0.3],
    ['typicalP', { typical_p: 0.4 }, 0.4],
    ['epsilonCutoff', { epsilon_cutoff: 0.1 }, 0.1, 0],
    ['etaCutoff', { eta_cutoff: 0.1 }, 0.1, 0],
    ['topH', { top_h: 0.3 }, 0.3],
    ['repetitionPenalty', { repetition_penalty: 1.5 }, 1.5],
    ['noRepeatNgramSize', { no_repeat_ngram_size: 2 }, 2],
    ['badWords', { bad_words_ids: even.map((token) => [token]) }, even.map((token) => [token]), []],
    ['bannedTokens', { suppress_tokens: even }, even, []],
    ['minNewTokens', { min_new_tokens: 5 }, 5],
    ['endTokens', { eos_token_id: [0, 11] }, [0, 11], [0]],
    ['temperature', { do_sample: false, temperature: 0.9 }, 0],
    ['maxTokens', { max_new_tokens: 4 }, 4],
  ] as [string, object, unknown, unknown?][])(
    "take %s from the model's own file: %j",
    async (name, generation, value, off = 1) => {
      const own = await loadModel(variant({ 'generation_config.json': generation }));
      try {
        const options = { seed: 1, maxTokens: name === 'maxTokens' ? undefined : 12 };
        const summary = await generate(own, PROMPT, options).result();
        const given = { temperature: 1, ...options, [name]: value };
        expect(summary.settings[name]).toEqual({ value, origin: 'model' });
        expect(summary.text).toBe((await generate(model, PROMPT, given).result()).text);
        const over = await generate(own, PROMPT, { ...options, [name]: off }).result();
        expect(over.settings[name]).toEqual({ value: off, origin: 'option' });
      } finally {
        await own.dispose();
      }
    },
  );

  it('are kelvin’s own where the model has no file or says null', async () => {
    for (const content of [null, { temperature: null, top_k: null, eos_token_id: null }]) {
      const own = await loadModel(variant({ 'generation_config.json': content }));
      try {
        const { settings } = await generate(own, PROMPT, { maxTokens: 0, seed: 1 }).result();
        expect(settings.temperature).toEqual({ value: 1, origin: 'built-in' });
        expect(generate(own, PROMPT)).toBeDefined();
        expect(own.info.endTokens).toEqual([0]);
      } finally {
        await own.dispose();
      }
    }
  });
});
