import {
  type Generation,
  generate,
  gridOf,
  loadModel,
  type Model,
  measureReference,
  type Run,
  type SweepOptions,
  summarise,
  sweep,
  TextMetrics,
} from 'kelvin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const PROMPT = 'Once upon a time';
const small = { grid: gridOf({ temperature: [0, 0.7, 1.4] }), samples: 3, seed: 7, maxTokens: 24 };

let model: Model;
beforeAll(async () => {
  model = await loadModel();
});
afterAll(() => model.dispose());

async function all(options: SweepOptions, prompt: string | number[] = PROMPT): Promise<Run[]> {
  const runs: Run[] = [];
  for await (const run of sweep(model, prompt, options)) runs.push(run);
  return runs.sort((a, b) => a.setting - b.setting || a.sample - b.sample);
}

const resultOf = async (generation: Generation) => (await generation.result()).text;

describe('a grid', () => {
  it('has every combination, the last axis fastest', () => {
    expect(gridOf({ temperature: [0, 1], topP: [0.5, 0.9] })).toEqual([
      { temperature: 0, topP: 0.5 },
      { temperature: 0, topP: 0.9 },
      { temperature: 1, topP: 0.5 },
      { temperature: 1, topP: 0.9 },
    ]);
    expect(gridOf({})).toEqual([{}]);
    expect(gridOf({ topK: [] })).toEqual([]);
  });
});

describe('a sweep', () => {
  it('writes the same texts however many at once, in whatever order they end', async () => {
    const grid = gridOf({ temperature: [0, 0.4, 0.8, 1.2, 1.6], topP: [0.9, 1] });
    const options = { grid, samples: 4, seed: 3, maxTokens: 48 };
    const [alone, together] = [
      await all({ ...options, concurrency: 1 }),
      await all({ ...options, concurrency: 16 }),
    ];
    expect(together).toHaveLength(40);
    expect(together).toEqual(alone);
    expect(summarise(together)).toEqual(summarise(alone.toReversed()));
  });

  it('writes what generate does, with the sample’s seed, and measures it', async () => {
    const topK = 50;
    for (const run of await all({ ...small, topK })) {
      expect(run.options).toEqual(small.grid[run.setting]);
      expect(run.seed).toBe(7 + run.sample);
      const { temperature } = run.options;
      const options = { temperature, topK, seed: run.seed, maxTokens: 24 };
      const generation = generate(model, PROMPT, options);
      const metrics = new TextMetrics();
      const tokens: number[] = [];
      for await (const { token, logprob } of generation) {
        metrics.push({ token, logprob });
        tokens.push(token);
      }
      const { text, finishReason } = await generation.result();
      expect(run).toMatchObject({ text, finishReason, tokens });
      const { coherence, ...readout } = run.readout;
      expect(coherence).toBeCloseTo(metrics.read().coherence!, 4);
      expect(readout.distinct).toEqual(metrics.read().distinct);
    }
  });

  it('has the same luck in every setting', async () => {
    const runs = await all({ ...small, grid: [{ topK: 1 }, { temperature: 0 }, { topP: 0 }] });
    expect(new Set(runs.map(({ text }) => text)).size).toBe(1);
    const same = await all({ ...small, grid: [{ temperature: 1 }, { temperature: 1 }] });
    const texts = same.map(({ text }) => text);
    expect(texts.slice(0, 3)).toEqual(texts.slice(3));
    expect(new Set(texts).size).toBe(3);
  });

  it('begins with one run of every setting', async () => {
    const samples: number[] = [];
    for await (const { sample } of sweep(model, PROMPT, { ...small, concurrency: 1 }))
      samples.push(sample);
    expect(samples).toEqual([0, 0, 0, 1, 1, 1, 2, 2, 2]);
  });

  it('chooses a seed where none is given, and tells it', async () => {
    const { seed: _, ...seedless } = small;
    const runs = await all({ ...seedless, grid: [{ temperature: 1 }] });
    const [first, second] = runs as [Run, Run];
    expect(second.seed).toBe(first.seed + 1);
    const again = { temperature: 1, seed: first.seed, maxTokens: 24 };
    expect(await resultOf(generate(model, PROMPT, again))).toBe(first.text);
  });

  it('takes a setting’s word before the common one, which an undefined one is not', async () => {
    const grid = [{ temperature: undefined }, { temperature: 0 }];
    const [common, own] = (await all({ ...small, grid, temperature: 1.4, samples: 1 })) as [
      Run,
      Run,
    ];
    const hot = { temperature: 1.4, seed: 7, maxTokens: 24 };
    expect(common.text).toBe(await resultOf(generate(model, PROMPT, hot)));
    expect(own.text).toBe(await resultOf(generate(model, PROMPT, { ...hot, temperature: 0 })));
  });

  it('leaves out what is to be skipped', async () => {
    const skip = (setting: number, sample: number) => setting === 1 || sample === 0;
    const runs = await all({ ...small, skip });
    expect(runs.map(({ setting, sample }) => [setting, sample])).toEqual([
      [0, 1],
      [0, 2],
      [2, 1],
      [2, 2],
    ]);
    expect(await all({ ...small, skip: () => true })).toEqual([]);
  });

  it('tells of every token as it is written', async () => {
    const told: number[] = [];
    const runs = await all({ ...small, progress: (tokens) => told.push(tokens) });
    const written = runs.reduce((sum, { tokens }) => sum + tokens.length, 0);
    expect(told).toEqual(Array.from({ length: written }, (_, i) => i + 1));
  });
});

describe('what ends a sweep', () => {
  it('an abort: what is finished is there, and nothing else', async () => {
    const abort = new AbortController();
    const options = { ...small, samples: 50, concurrency: 4, signal: abort.signal };
    const runs: Run[] = [];
    for await (const run of sweep(model, PROMPT, options)) {
      runs.push(run);
      if (runs.length === 3) abort.abort();
    }
    expect(runs.length).toBeGreaterThanOrEqual(3);
    expect(runs.length).toBeLessThan(20);
    for (const { finishReason, tokens } of runs)
      expect([finishReason, tokens.length]).toEqual(['length', 24]);
  });

  it('an abort before it begins', async () => {
    expect(await all({ ...small, signal: AbortSignal.abort() })).toEqual([]);
  });

  it('a reader that leaves', async () => {
    for await (const _ of sweep(model, PROMPT, { ...small, samples: 50 })) break;
    expect(await resultOf(generate(model, PROMPT, { temperature: 0, maxTokens: 24 }))).toBe(
      (await all({ ...small, samples: 1 }))[0]!.text,
    );
  });

  it('a run that fails', async () => {
    const tooLong = Array.from({ length: 600 }, () => 5);
    await expect(all(small, tooLong)).rejects.toMatchObject({ code: 'CONTEXT_LENGTH' });
    expect(await all(small)).toHaveLength(9);
  });
});

describe('a wrong sweep is refused at once', () => {
  const grid = [{ temperature: 1 }];
  it.each([
    ['grid must be an array of 1 to 10000 settings, got 0', { grid: [] }],
    ['grid must be an array of 1 to 10000 settings, got 10001', { grid: Array(10_001).fill({}) }],
    ['grid must be an array of 1 to 10000 settings, got undefined', {}],
    ['grid must be an array of options, got 7', { grid: [7] }],
    ["grid must leave out seed, which is the sample's, got {seed: 7}", { grid: [{ seed: 7 }] }],
    ['topP must be a number in [0, 1], got 2', { grid: [{ topP: 1 }, { topP: 2 }] }],
    ['unknown option "tempo"', { grid: [{ tempo: 1 }] }],
    ['unknown option "sample"', { grid, sample: 3 }],
    ['samples must be an integer in [1, 100000], got 0', { grid, samples: 0 }],
    ['samples must be an integer in [1, 100000], got 1.5', { grid, samples: 1.5 }],
    ['concurrency must be an integer in [1, 1024], got 0', { grid, concurrency: 0 }],
    ['seed must be an integer', { grid, seed: 0.5 }],
    ['seed must be an integer', { grid, seed: Number.MAX_SAFE_INTEGER }],
    ['maxTokens must be an integer ≥ 1 where texts are compared, got 0', { grid, maxTokens: 0 }],
    ['skip must be a function, got 1', { grid, skip: 1 }],
    ['progress must be a function, got 1', { grid, progress: 1 }],
    ['signal must be an AbortSignal, got 1', { grid, signal: 1 }],
    ['options must be an object with a grid', []],
  ])('%s', (message, options) => {
    expect(() => sweep(model, PROMPT, options as never)).toThrow(message);
  });
});

describe('on the embedded model', () => {
  it('diversity rises and coherence falls with the temperature', async () => {
    const temperature = [0, 0.2, 0.65, 1, 1.1, 1.55, 2];
    const runs = await all({ grid: gridOf({ temperature }), samples: 8, seed: 1, maxTokens: 128 });
    const settings = summarise(runs);
    const warm = settings.filter((_, i) => ![0, 3].includes(i));
    for (const [i, now] of warm.entries()) {
      const next = warm[i + 1];
      if (!next) continue;
      // Within the intervals: not clearly the other way round; from end to end, clearly.
      expect(next.diversity.high).toBeGreaterThanOrEqual(now.diversity.low);
      expect(next.coherence.high).toBeLessThan(now.coherence.high);
      expect(next.coherence.mean).toBeLessThan(now.coherence.mean);
      expect(next.setDiversity).toBeGreaterThan(now.setDiversity);
    }
    expect(warm.at(-1)!.diversity.low).toBeGreaterThan(warm[0]!.diversity.high);
    expect(warm.at(-1)!.coherence.high).toBeLessThan(warm[0]!.coherence.low);
    const [greedy, , , one] = settings;
    expect(greedy!.repetition.mean).toBeGreaterThan(one!.repetition.high);
    expect(greedy!.selfBleu).toBeCloseTo(1, 12);
    expect(one!.selfBleu).toBeLessThan(0.5);
  });
});

describe('a reference text', () => {
  const story =
    'Once upon a time there was a little girl. She had a red ball. One day the ball rolled away.';

  it('stands where its tokens do, without the first', async () => {
    const metrics = new TextMetrics();
    for await (const { token, logprob } of model.score(story))
      if (logprob !== undefined) metrics.push({ token, logprob });
    const { diversity, coherence, tokens } = metrics.read();
    const reference = await measureReference(model, story, 128);
    expect(reference).toMatchObject({ pieces: 1, tokens, diversity });
    expect(reference.coherence).toBeCloseTo(coherence!, 6);
  });

  it('is measured in pieces as long as the texts it stands beside', async () => {
    const long = `${story} `.repeat(120);
    const reference = await measureReference(model, long, 20);
    expect(reference).toMatchObject({ pieces: 64, tokens: 20 });
    // As a whole it repeats itself again and again; no piece of it does.
    expect(reference.diversity).toBeGreaterThan(0.9);
    expect(await measureReference(model, long, 4000)).toMatchObject({ tokens: 511 });
  });

  it('has at least one token that the model sees coming', async () => {
    await expect(measureReference(model, '', 8)).rejects.toThrow(
      'reference must be a text with a token that the model sees coming, got ""',
    );
  });
});
