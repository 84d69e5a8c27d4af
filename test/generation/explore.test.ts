import fc from 'fast-check';
import {
  generate,
  loadModel,
  type Model,
  type SamplingOptions,
  type Step,
  type Written,
} from 'kelvin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decoder } from '../model/decoders/decoder.ts';
import { type DecoderShape, tinyGpt2, tinyLlama } from '../model/decoders/shape.ts';
import { tinyGraph, tinyModel } from '../model/tiny.ts';
import { variant } from '../model/variant.ts';
import { Watched, written } from './watched.ts';

const PROMPT = 'Once upon a time';
// What could end a text cannot be drawn.
const ENDLESS = { seed: 1, logitBias: { 0: -100 } };
let model: Model;
beforeAll(async () => {
  model = await loadModel();
});
afterAll(() => model.dispose());

async function steps(of: Model, prompt: string | number[], options: object): Promise<Step[]> {
  const all: Step[] = [];
  for await (const step of generate(of, prompt, options)) all.push(step);
  return all;
}

/** What both a step and a written token tell. */
const shared = ({ token, text, logprob, shapedLogprob, entropy, rank }: Step | Written) => ({
  ...{ token, text, logprob, shapedLogprob, entropy, rank },
});

describe('what is written', () => {
  it.each<[string, SamplingOptions]>([
    ['plainly', { seed: 3 }],
    ['with penalties', { seed: 4, repetitionPenalty: 1.3, penaltyWindow: 20 }],
    [
      'with DRY',
      { seed: 5, dry: { multiplier: 0.8, base: 1.75, allowedLength: 2, sequenceBreakers: [] } },
    ],
    ['with mirostat', { seed: 6, temperature: 1.5, mirostat: { version: 2, tau: 3, eta: 0.1 } }],
    ['cold', { temperature: 0 }],
    ['to an end token of its own', { temperature: 0, endTokens: [396] }],
    ['hot', { seed: 7, temperature: 5 }],
  ])('%s is what generate writes, to the last bit', async (_, settings) => {
    const expected = await steps(model, PROMPT, { ...settings, maxTokens: 60 });
    const one = new Watched(model, PROMPT, settings);
    const entries = await one.play(0, 60);
    expect(entries.map(shared)).toEqual(expected.map(shared));
    expect(entries.every(({ settings, isChosen }) => settings === 0 && !isChosen)).toBe(true);
    one.exploration.close();
  });

  it('is what a look says will be drawn, among candidates as generate tells them', async () => {
    const settings = { seed: 9, topK: 5, temperature: 1.2 };
    const expected = await steps(model, PROMPT, { ...settings, maxTokens: 12, top: 8 });
    const { exploration } = new Watched(model, PROMPT, settings);
    let node = 0;
    for (const { token, top, entropy } of expected) {
      const view = await exploration.look(node, 8);
      expect(view).toMatchObject({ node, settings: 0, drawn: token, entropy, temperature: 1.2 });
      expect(view.candidates).toEqual(top);
      node = (await exploration.choose(node, token)).node;
    }
    exploration.close();
  });

  it('ends with the end token, which has no text', async () => {
    const folder = variant({ 'generation_config.json': { eos_token_id: [0, 11] } });
    const several = await loadModel(folder);
    const one = new Watched(several, PROMPT, { logitBias: { 11: 100 } });
    expect(await one.play(0)).toMatchObject([{ token: 11, text: '' }]);
    expect(one.events.at(-1)).toEqual({ type: 'paused', pause: 'end' });
    const [end] = written(one.events);
    expect(await one.play(end!.node)).toEqual([]);
    expect(await one.exploration.choose(0, 0)).toMatchObject({ token: 0, text: '' });
    await several.dispose();
  });

  it('ends where the context is full, and nothing can be looked at there', async () => {
    const context = model.info.contextLength!;
    const prompt = Array.from({ length: context - 2 }, (_, i) => 300 + (i % 50));
    const expected = await steps(model, prompt, { ...ENDLESS, maxTokens: 9 });
    const one = new Watched(model, prompt, ENDLESS);
    const entries = await one.play(0);
    expect(entries.map(shared)).toEqual(expected.map(shared));
    expect(one.events.at(-1)).toEqual({ type: 'paused', pause: 'context' });
    const last = entries.at(-1)!.node;
    const full = { name: 'KelvinError', code: 'CONTEXT_LENGTH' };
    await expect(one.exploration.look(last, 1)).rejects.toMatchObject(full);
    await expect(one.exploration.choose(last, 5)).rejects.toMatchObject(full);
    expect(await one.exploration.look(entries.at(-2)!.node, 1)).toMatchObject({
      drawn: entries.at(-1)!.token,
    });
    expect([...(await one.exploration.marks(last))]).toEqual([1, 1, 1]);
    one.exploration.close();
  });

  it('has a text that does not depend on where writing began', async () => {
    const bytes = await Promise.all(Array.from({ length: 260 }, (_, id) => model.decode([id])));
    const halves = bytes.flatMap((text, id) => (text === '\uFFFD' ? [id] : []));
    const one = new Watched(model, PROMPT, {
      seed: 2,
      temperature: Infinity,
      allowedTokens: [...halves.slice(0, 90), 300],
    });
    const whole = await one.play(0, 60);
    const stream = whole.map(({ text }) => text);
    expect(stream.join('')).toContain('\uFFFD');
    for (const [i, { node }] of whole.slice(0, -1).entries()) {
      const [next] = await one.play(node, 1);
      expect(next!.text).toBe(stream[i + 1]);
    }
    one.exploration.close();
  });
});

/** One thing a person may do. */
type Move =
  | { readonly does: 'play'; readonly count: number }
  | { readonly does: 'rewind'; readonly back: number }
  | { readonly does: 'leap'; readonly to: number }
  | { readonly does: 'choose'; readonly token: number }
  | { readonly does: 'set'; readonly to: number }
  | { readonly does: 'look' };

const moves: fc.Arbitrary<readonly Move[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ does: fc.constant('play'), count: fc.integer({ min: 1, max: 9 }) }),
    },
    fc.record({ does: fc.constant('rewind'), back: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ does: fc.constant('leap'), to: fc.nat() }),
    fc.record({ does: fc.constant('choose'), token: fc.integer({ min: 300, max: 2000 }) }),
    fc.record({ does: fc.constant('set'), to: fc.nat() }),
    fc.record({ does: fc.constant('look') }),
  ) as fc.Arbitrary<Move>,
  { minLength: 4, maxLength: 14 },
);

const SETTINGS: readonly SamplingOptions[] = [
  { seed: 1, temperature: 1.1 },
  { seed: 1, temperature: 0.8, repetitionPenalty: 1.4, presencePenalty: 0.3 },
  { seed: 2, dry: { multiplier: 1, base: 1.75, allowedLength: 2, sequenceBreakers: [13] } },
  { seed: 1, temperature: 1.3, mirostat: { version: 2, tau: 4, eta: 0.2 } },
  { seed: 5, temperature: 0 },
  { seed: 1, topP: 0.9, minNewTokens: 4 },
];

interface Past {
  readonly entries: readonly Written[];
}

/** Does what was asked, and gives the text it came to last. */
async function wander(of: Model, prompt: string | number[], moves: readonly Move[]) {
  const one = new Watched(of, prompt, SETTINGS[0]);
  const used = [0];
  const pasts = new Map<number, Past>([[0, { entries: [] }]]);
  let node = 0;
  const add = (entry: Written) => {
    pasts.set(entry.node, { entries: [...pasts.get(node)!.entries, entry] });
    node = entry.node;
  };
  for (const move of moves) {
    const { entries } = pasts.get(node)!;
    if (move.does === 'play') for (const entry of await one.play(node, move.count)) add(entry);
    else if (move.does === 'rewind') node = entries.at(-1 - move.back)?.node ?? 0;
    else if (move.does === 'leap') node = [...pasts.keys()][move.to % pasts.size]!;
    else if (move.does === 'choose') {
      if (entries.at(-1)?.token !== 0) add(await one.exploration.choose(node, move.token));
    } else if (move.does === 'look') await one.exploration.look(node, 3);
    else {
      const number = move.to % SETTINGS.length;
      expect(one.exploration.set(SETTINGS[number]!)).toBe(used.length);
      used.push(number);
    }
  }
  const view = await one.exploration.look(node, 5);
  one.exploration.close();
  const text = pasts
    .get(node)!
    .entries.map((entry) => ({ ...entry, settings: used[entry.settings]! }));
  return { text, view, last: used.at(-1)! };
}

/** The same text on the direct way. */
async function direct(
  of: Model,
  prompt: string | number[],
  text: readonly Written[],
  last: number,
) {
  const one = new Watched(of, prompt, SETTINGS[0]);
  const entries: Written[] = [];
  let node = 0;
  for (const { settings, isChosen, token } of text) {
    one.exploration.set(SETTINGS[settings]!);
    const entry = isChosen
      ? await one.exploration.choose(node, token)
      : (await one.play(node, 1))[0]!;
    node = entry.node;
    entries.push({ ...entry, settings });
  }
  one.exploration.set(SETTINGS[last]!);
  const view = await one.exploration.look(node, 5);
  one.exploration.close();
  return { entries, view };
}

// Which number it has, and how long it took to look, is not what may follow.
const plain = <T extends { node: number; settings: number; took?: number }>({
  node: _,
  settings: __,
  took: ___,
  ...rest
}: T) => rest;

async function checkWays(of: Model, prompt: string | number[], runs: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(moves, async (moves) => {
      const { text, view, last } = await wander(of, prompt, moves);
      const other = await direct(of, prompt, text, last);
      const numbered = other.entries.map((entry, i) => {
        const { node, parent } = text[i]!;
        return { ...entry, node, parent };
      });
      expect(numbered).toEqual(text);
      // All but what it cost.
      expect({ ...plain(other.view), took: 0 }).toEqual({ ...plain(view), took: 0 });
    }),
    { numRuns: runs },
  );
}

describe('whatever way leads to a text, it and what may follow are the same to the last bit', () => {
  it('in the embedded model', () => checkWays(model, PROMPT, 60));

  it.each<[string, Partial<DecoderShape> & { family?: 'gpt2' | 'llama' }]>([
    ['a GPT-2 near a step of its room', { ...tinyGpt2 }],
    ['a Llama', { ...tinyLlama }],
    ['grouped queries', { ...tinyLlama, attention: 'gqa', cache: 'float16' }],
    ['a merged graph', { ...tinyGpt2, merged: true }],
    ['rows that interact', { ...tinyGpt2, body: 'q8' }],
  ])('with %s', async (_, shape) => {
    const of = await loadModel(decoder(shape as DecoderShape).folder);
    const prompt = Array.from({ length: 60 }, (_, i) => 300 + ((i * 37) % 900));
    await checkWays(of, prompt, 12);
    await of.dispose();
  });

  it('without a cache', async () => {
    const of = await loadModel(tinyModel(tinyGraph({ cache: 'none' })));
    await checkWays(of, PROMPT, 12);
    await of.dispose();
  });

  it('where logits had to go', async () => {
    // 64 MiB hold eight rows of so many.
    const vocabulary = 2_000_000;
    const folder = tinyModel(tinyGraph({ vocabulary }), { config: { vocab_size: vocabulary } });
    const of = await loadModel(folder);
    const mirostat = SETTINGS[3]!;
    const one = new Watched(of, [5, 6, 7], mirostat);
    const entries = await one.play(0, 24);
    one.exploration.set(SETTINGS[1]!);
    await one.play(entries[3]!.node, 14);
    one.exploration.set(mirostat);
    const middle = entries[15]!;
    expect(await one.exploration.marks(entries[23]!.node)).toContain(255);
    const again = await one.play(middle.node, 8);
    expect(again.map(plain)).toEqual(entries.slice(16).map(plain));
    await of.dispose();
  });
});

describe('settings', () => {
  it('act from the next token on, also while it is written', async () => {
    const one = new Watched(model, PROMPT, { ...ENDLESS, temperature: 0 });
    one.exploration.play(0);
    await one.until('wrote');
    one.exploration.set({ ...ENDLESS, temperature: 0, allowedTokens: [700] });
    const { settings } = await one.exploration.look(0, 1);
    expect(settings).toBe(1);
    const before = one.events.length;
    await one.until('wrote');
    await one.until('wrote');
    one.exploration.pause();
    await one.until('paused');
    const entries = written(one.events);
    for (const { settings, token } of entries) expect(token === 700).toBe(settings === 1);
    const since = written(one.events.slice(before));
    expect(since.length).toBeGreaterThan(0);
    expect(since.every(({ settings }) => settings === 1)).toBe(true);
    one.exploration.close();
  });

  it('keep the seed they began with, and the model’s own where nothing else is said', () => {
    const { exploration } = new Watched(model, PROMPT, { temperature: undefined });
    exploration.set({ topK: 3 });
    const [first, second] = exploration.settings;
    expect(first).toMatchObject({ temperature: 0.7, topK: 0 });
    expect(second).toMatchObject({ temperature: 0.7, topK: 3, seed: first!.seed });
    exploration.close();
  });

  it('that are wrong are refused, and change nothing', async () => {
    const one = new Watched(model, PROMPT, { seed: 1 });
    const { exploration } = one;
    const error = (code: string) => expect.objectContaining({ name: 'KelvinError', code });
    expect(() => exploration.set({ topP: 2 })).toThrow(error('INVALID_OPTION'));
    expect(() => exploration.set({ topp: 1 } as never)).toThrow(error('UNKNOWN_OPTION'));
    expect(() => exploration.set({ constraint: {} } as never)).toThrow(error('INVALID_OPTION'));
    expect(() => {
      exploration.pace = 0;
    }).toThrow(error('INVALID_OPTION'));
    expect(() => exploration.play(0, Number.NaN)).toThrow(error('INVALID_OPTION'));
    expect(exploration.settings).toHaveLength(1);
    expect(await exploration.look(0, 1)).toMatchObject({ settings: 0 });
    const lost = { logitBias: { 9999: 1 }, seed: 1 };
    exploration.set(lost);
    await expect(exploration.look(0, 1)).rejects.toMatchObject({ code: 'INVALID_TOKEN' });
    expect(await one.play(0, 1)).toEqual([]);
    expect(one.events.at(-1)).toMatchObject({ pause: 'failed', error: { code: 'INVALID_TOKEN' } });
    exploration.close();
  });
});

describe('what is told of a token', () => {
  it('marks what the settings could not have drawn', async () => {
    const one = new Watched(model, PROMPT, { ...ENDLESS, temperature: 3 });
    const entries = await one.play(0, 40);
    one.exploration.set({ ...ENDLESS, topK: 30, temperature: 1 });
    const marks = await one.exploration.marks(entries.at(-1)!.node);
    const expected: number[] = [];
    for (const [i, { token }] of entries.entries()) {
      const before = entries[i - 1]?.node ?? 0;
      const { cutBy } = await one.exploration.explain(before, token, 1);
      expected.push(cutBy === undefined ? 1 : 0);
    }
    expect([...marks]).toEqual(expected);
    expect(new Set(marks)).toEqual(new Set([0, 1]));
    one.exploration.close();
  });

  it.each([0, 1e-3, 0.7, 1, 4, Infinity])(
    'explains its probability at temperature %d',
    async (temperature) => {
      const { vocabularySize } = model.info;
      const settings = {
        ...ENDLESS,
        topK: temperature === 0 ? undefined : 50,
        temperature,
        bannedTokens: [13],
      };
      const { exploration } = new Watched(model, PROMPT, settings);
      const view = await exploration.look(0, 4);
      for (const { token, raw, shaped, text } of view.candidates) {
        const told = await exploration.explain(0, token, vocabularySize);
        expect(told).toMatchObject({ raw, shaped, text, temperature });
        if (told.cutBy === undefined) {
          expect(told.weight / told.total).toBeCloseTo(shaped, 12);
          expect(Number.isFinite(told.scaled)).toBe(true);
        }
        expect(told.jacobian).toHaveLength(vocabularySize);
        expect(told.jacobian[0]).toMatchObject({ token, value: shaped * (1 - shaped) });
        const sum = told.jacobian.reduce((total, { value }) => total + value, 0);
        expect(sum).toBeCloseTo(0, 12);
      }
      const banned = await exploration.explain(0, 13, 0);
      expect(banned).toMatchObject({
        ...{ shaped: 0, weight: 0, scaled: -Infinity, logit: -Infinity, surprisal: Infinity },
        ...{ jacobian: [], cutBy: 'bannedTokens' },
      });
      exploration.close();
    },
  );

  it('is refused of what there is not', async () => {
    const { exploration } = new Watched(model, PROMPT, { seed: 1 });
    for (const node of [7, -1, 0.5]) {
      const unknown = { name: 'KelvinError', code: 'INVALID_ARGUMENT' };
      await expect(exploration.look(node, 1)).rejects.toMatchObject(unknown);
      await expect(exploration.marks(node)).rejects.toMatchObject(unknown);
      await expect(exploration.choose(node, 5)).rejects.toMatchObject(unknown);
      await expect(exploration.explain(node, 5, 1)).rejects.toMatchObject(unknown);
    }
    for (const token of [-1, 2048, 0.5]) {
      const wrong = { name: 'KelvinError', code: 'INVALID_TOKEN' };
      await expect(exploration.choose(0, token)).rejects.toMatchObject(wrong);
      await expect(exploration.explain(0, token, 1)).rejects.toMatchObject(wrong);
    }
    // No node came of it.
    expect(await exploration.choose(0, 5)).toMatchObject({ node: 1 });
    exploration.close();
  });
});

describe('writing', () => {
  it('pauses, and goes on where it was', async () => {
    const expected = await steps(model, PROMPT, { ...ENDLESS, maxTokens: 50 });
    const one = new Watched(model, PROMPT, ENDLESS);
    one.exploration.play(0);
    await one.until('wrote');
    one.exploration.pause();
    await one.until('paused');
    const before = one.events.length;
    await one.exploration.look(0, 1);
    expect(one.events).toHaveLength(before);
    const first = written(one.events);
    const rest = await one.play(first.at(-1)!.node, Math.max(0, 50 - first.length));
    expect([...first, ...rest].slice(0, 50).map(shared)).toEqual(expected.map(shared));
    one.exploration.close();
  });

  it('keeps to a pace, which may change while it waits', async () => {
    const one = new Watched(model, PROMPT, ENDLESS);
    await one.play(0, 20);
    // A token in a year.
    one.exploration.pace = 3e-8;
    one.exploration.play(0, 20);
    const [first] = written(await one.until('wrote'));
    expect(await one.exploration.look(first!.node, 1)).toBeDefined();
    expect(one.events.at(-1)).toMatchObject({ type: 'wrote' });
    one.exploration.pace = Infinity;
    expect(written(await one.until('paused'))).toHaveLength(19);
    one.exploration.close();
  });

  it('from elsewhere takes the place of what was written before', async () => {
    const one = new Watched(model, PROMPT, ENDLESS);
    const entries = await one.play(0, 10);
    const before = one.events.length;
    one.exploration.play(entries[9]!.node);
    one.exploration.play(entries[2]!.node, 7);
    await one.until('paused');
    const told = one.events.slice(before);
    expect(told.filter((event) => !(event instanceof Error) && event.type === 'paused')).toEqual([
      { type: 'paused', pause: 'count' },
    ]);
    expect(written(told).slice(-7)).toEqual(entries.slice(3));
    one.exploration.close();
  });

  it('stops where a token is chosen', async () => {
    const one = new Watched(model, PROMPT, ENDLESS);
    one.exploration.play(0);
    await one.until('wrote');
    const chosen = await one.exploration.choose(0, 300);
    expect(chosen).toMatchObject({ token: 300, isChosen: true, settings: 0 });
    expect(one.events.at(-1)).toEqual({ type: 'paused', pause: 'asked' });
    const before = one.events.length;
    await one.exploration.look(chosen.node, 1);
    await one.exploration.choose(0, 301);
    expect(one.events).toHaveLength(before);
    one.exploration.close();
  });

  it('on from no node says so', async () => {
    const one = new Watched(model, PROMPT, ENDLESS);
    expect(await one.play(99)).toEqual([]);
    expect(one.events.at(-1)).toMatchObject({
      ...{ type: 'paused', pause: 'failed' },
      error: { code: 'INVALID_ARGUMENT', message: 'node must be an integer in [0, 0], got 99' },
    });
    one.exploration.close();
  });
});

describe('an exploration', () => {
  it('refuses at once what generate refuses', () => {
    const error = (code: string) => expect.objectContaining({ name: 'KelvinError', code });
    expect(() => new Watched(model, 7 as never)).toThrow(error('INVALID_ARGUMENT'));
    expect(() => new Watched(model, [2048])).toThrow(error('INVALID_TOKEN'));
    expect(() => new Watched(model, PROMPT, { topP: 3 })).toThrow(error('INVALID_OPTION'));
    expect(() => new Watched({} as never, PROMPT)).toThrow(error('INVALID_OPTION'));
  });

  it('of a prompt that is too long ends in an error, and answers with it', async () => {
    const one = new Watched(model, Array(600).fill(300));
    const asked = one.exploration.look(0, 1);
    const error = { name: 'KelvinError', code: 'CONTEXT_LENGTH' };
    await expect(asked).rejects.toMatchObject(error);
    await expect(one.exploration.look(0, 1)).rejects.toMatchObject(error);
    await one.until('error');
    expect(one.events).toMatchObject([error]);
    one.exploration.close();
  });

  it.each(['while the prompt is read', 'while it writes', 'in between'])(
    'can be closed %s',
    async (when) => {
      const prompt = Array.from({ length: 480 }, (_, i) => 300 + (i % 50));
      const one = new Watched(model, prompt, ENDLESS);
      if (when !== 'while the prompt is read') await one.play(0, 2);
      if (when === 'while it writes') one.exploration.play(0);
      const asked = one.exploration.look(0, 1);
      one.exploration.close();
      one.exploration.close();
      const closed = {
        name: 'KelvinError',
        code: 'DISPOSED',
        message: 'the exploration was closed',
      };
      await expect(asked).rejects.toMatchObject(closed);
      await expect(one.exploration.marks(0)).rejects.toMatchObject(closed);
      const before = one.events.length;
      one.exploration.play(0);
      expect(await steps(model, PROMPT, { maxTokens: 2 })).toHaveLength(2);
      expect(one.events).toHaveLength(before);
    },
  );

  it('ends with its model', async () => {
    const mortal = await loadModel();
    const one = new Watched(mortal, PROMPT, ENDLESS);
    one.exploration.play(0);
    await one.until('wrote');
    const asked = one.exploration.marks(0);
    await Promise.all([mortal.dispose(), asked.catch(() => {})]);
    expect(one.events.at(-1)).toMatchObject({ name: 'KelvinError', code: 'DISPOSED' });
    await expect(one.exploration.look(0, 1)).rejects.toMatchObject({ code: 'DISPOSED' });
  });

  it('takes nothing from another, nor from a generation beside it', async () => {
    const settings = [ENDLESS, { ...ENDLESS, seed: 2 }];
    const alone: Step[][] = [];
    for (const one of settings) alone.push(await steps(model, PROMPT, { ...one, maxTokens: 50 }));
    const explorations = settings.map((one) => new Watched(model, PROMPT, one));
    const [first, second, beside] = await Promise.all([
      ...explorations.map((one) => one.play(0, 50)),
      steps(model, PROMPT, { ...ENDLESS, maxTokens: 50 }),
    ]);
    expect(first!.map(shared)).toEqual(alone[0]!.map(shared));
    expect(second!.map(shared)).toEqual(alone[1]!.map(shared));
    expect(beside!.map(shared)).toEqual(alone[0]!.map(shared));
    for (const { exploration } of explorations) exploration.close();
  });
});
