import fc from 'fast-check';
import { loadModel, type Model, type SamplingOptions } from 'kelvin';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Written } from '../../../src/generation/explorer/view.ts';
import type { Studio as StudioType } from '../../../src/ui/state/studio.ts';
import type { Tuner as TunerType } from '../../../src/ui/state/tuner.ts';
import { press, Studio, Tuner } from './built.ts';
import { atRest, type, until } from './settled.ts';

const PROMPT = 'Once upon a time';
const OPTIONS: SamplingOptions = { temperature: 0.9, topP: 0.95, seed: 7 };
/** It rests by itself wherever it has written a multiple of so many. */
const LIMIT = 5;

let model: Model;
const open: TunerType[] = [];
beforeAll(async () => {
  model = await loadModel();
});
afterAll(async () => {
  for (const tuner of open) tuner.close();
  await model.dispose();
});

function begin(prompt = PROMPT, options = OPTIONS, limit = LIMIT): TunerType {
  const tuner = new Tuner(model, prompt, options, limit);
  open.push(tuner);
  return tuner;
}

async function beginStudio(options = OPTIONS): Promise<StudioType> {
  const opening = { prompt: PROMPT, options, limit: LIMIT, pace: Number.POSITIVE_INFINITY };
  const studio = new Studio(opening);
  studio.begin(model, PROMPT);
  open.push(studio.tuner!);
  await atRest(studio.tuner!);
  return studio;
}

/** What is written, without numbers that depend on the way there. */
const outcome = (written: readonly Written[]) =>
  written.map(({ node: _, parent: __, settings: ___, ...rest }) => rest);

/** Writes a text anew, token by token, each under the settings it was written under. */
async function directly({ exploration }: TunerType, written: readonly Written[]) {
  const tuner = begin(PROMPT, exploration.settings[0]!, 1000);
  await atRest(tuner);
  for (const { settings, isChosen, token } of written) {
    tuner.exploration.set(exploration.settings[settings]!);
    if (isChosen) {
      tuner.timeline.writeHere();
      tuner.timeline.write(await tuner.exploration.choose(tuner.timeline.node(), token));
    } else tuner.draw();
    await until(tuner, () => !tuner.isDrawing);
  }
  return tuner;
}

const KEYS = [
  ...['left', 'right', 'right', 'home', 'end', 'space', 'b', 'B', ',', '.', 'u', 'U', '0', 'o'],
  ...['t', 'T', 'k', 'K', 'p', 'P', 'm', 'M', 'n', 'N', 'r', 'R', 'g'],
];
const anyKey = fc.oneof(
  fc.constantFrom(...KEYS).map((key) => [key]),
  // A token of the reader's choice, and what comes after it.
  fc
    .integer({ min: 1, max: 9 })
    .map((steps) => [...Array.from({ length: steps }, () => 'down'), 'return']),
);
const anyKeys = fc.array(anyKey, { minLength: 4, maxLength: 10 }).map((keys) => keys.flat());

/** The same text by the direct way: what is written, what comes next and what is measured. */
async function expectDirect(tuner: TunerType): Promise<void> {
  const { timeline, viewer, metrics } = tuner;
  for (const branch of timeline.branches) {
    const direct = await directly(tuner, branch);
    expect(outcome(direct.timeline.written)).toEqual(outcome(branch));
    if (branch === timeline.written) {
      direct.exploration.set(tuner.exploration.settings.at(-1)!);
      direct.goTo(timeline.place);
      await atRest(direct);
      const plain = ({ viewer: { view } }: TunerType) => ({
        ...view,
        node: 0,
        settings: 0,
        took: 0,
      });
      expect(plain(direct)).toEqual(plain(tuner));
      expect(direct.metrics.read()).toEqual(metrics.read());
      expect(viewer.isStale).toBe(false);
    }
    direct.close();
  }
}

describe('any sequence of keys', () => {
  it('ends where the direct path does', async () => {
    await fc.assert(
      fc.asyncProperty(anyKeys, async (keys) => {
        const studio = await beginStudio();
        await type(studio, press, keys);
        await expectDirect(studio.tuner!);
        studio.tuner!.close();
      }),
      { numRuns: 12 },
    );
  });

  it('leaves texts that are written as they are drawn, even if no one waits between them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyKeys, { minLength: 1, maxLength: 3 }), async (bursts) => {
        const studio = await beginStudio();
        const tuner = studio.tuner!;
        for (const keys of bursts) {
          for (const key of keys) press(studio, key, key);
          // As far as the first report that comes back.
          const { version } = tuner;
          const before = version();
          await until(tuner, () => version() > before || !tuner.viewer.isStale);
        }
        if (tuner.isPlaying) press(studio, 'space', ' ');
        await atRest(tuner);
        for (const branch of tuner.timeline.branches)
          for (const [i, { parent }] of branch.entries())
            expect(parent).toBe(branch[i - 1]?.node ?? 0);
        await expectDirect(tuner);
        tuner.close();
      }),
      { numRuns: 12 },
    );
  });
});

describe('a text', () => {
  it('is what generate writes with the same seed', async () => {
    const { generate } = await import('kelvin');
    const tuner = begin(PROMPT, OPTIONS, 40);
    tuner.play();
    await atRest(tuner);
    const tokens: number[] = [];
    for await (const { token } of generate(model, PROMPT, { ...OPTIONS, maxTokens: 40 }))
      tokens.push(token);
    expect(tuner.timeline.written.map(({ token }) => token)).toEqual(tokens);
  });

  it('grows by as many tokens as were asked for at once', async () => {
    const tuner = begin();
    await atRest(tuner);
    for (let i = 0; i < 7; i++) tuner.draw();
    await atRest(tuner);
    expect(tuner.timeline.place).toBe(7);
    expect(tuner.timeline.branches).toHaveLength(1);
  });

  it('grows no further for one who goes elsewhere while single tokens come', async () => {
    const tuner = begin();
    await atRest(tuner);
    for (let i = 0; i < 5; i++) tuner.draw();
    tuner.goTo(0);
    await atRest(tuner);
    expect([tuner.timeline.place, tuner.isDrawing]).toEqual([0, false]);
  });

  it('rests at the limit, and goes on for as much again', async () => {
    const tuner = begin();
    tuner.play();
    for (const length of [5, 10]) {
      await atRest(tuner);
      expect([tuner.phase, tuner.timeline.place]).toEqual(['paused', length]);
      tuner.play();
    }
    await atRest(tuner);
    tuner.goTo(7);
    tuner.play();
    await atRest(tuner);
    expect([tuner.timeline.place, tuner.timeline.branches.length]).toEqual([10, 1]);
  });

  it('says that it has ended, as long as one is there', async () => {
    const tuner = begin(PROMPT, { seed: 7, logitBias: { 0: 1000 } });
    tuner.play();
    await atRest(tuner);
    expect([tuner.phase, tuner.pause, tuner.timeline.place]).toEqual(['ended', 'end', 1]);
    tuner.goTo(0);
    await atRest(tuner);
    expect(tuner.phase).toBe('paused');
    tuner.goTo(1);
    tuner.draw();
    await until(tuner, () => tuner.phase === 'ended');
    expect([tuner.timeline.place, tuner.isDrawing]).toEqual([1, false]);
  });

  it('ends where the context does, and shows what can still be seen', async () => {
    const length = model.info.contextLength!;
    const prompt = ' the'.repeat(length - 4);
    const tuner = begin(prompt, { seed: 7, bannedTokens: [0] }, 100);
    tuner.play();
    await atRest(tuner);
    expect([tuner.phase, tuner.pause]).toEqual(['ended', 'context']);
    const { place, written } = tuner.timeline;
    expect(tuner.read.length + place).toBe(length + 1);
    expect(tuner.viewer.view!.node).toBe(written.at(-1)!.parent);
    tuner.goTo(place - 1);
    await atRest(tuner);
    expect(tuner.viewer.view!.node).toBe(written.at(-1)!.parent);
    expect(tuner.phase).toBe('paused');
  });

  it('tells how likely the prompt was', async () => {
    const tuner = begin('Tom had a red ball.');
    await until(tuner, () => tuner.reference !== undefined);
    expect(tuner.read.map(({ text }) => text).join('')).toBe('Tom had a red ball.');
    expect(tuner.read.every(({ logprob }, i) => i === 0 || logprob! < 0)).toBe(true);
    expect(tuner.reference!.coherence).toBeLessThan(0);
  });

  it('cannot begin under settings that are none', () => {
    expect(() => begin(PROMPT, { topK: -1 })).toThrow(/topK .* got -1/);
  });
});

describe('the knobs', () => {
  it('that the sampler refuses stay where they are', async () => {
    const tuner = begin(PROMPT, { seed: 7, mirostat: { version: 2 } });
    await atRest(tuner);
    const { options } = tuner.settings;
    expect(() => tuner.turn('topKDown', 'k')).toThrow(/topK|mirostat/);
    expect(tuner.settings.options).toBe(options);
    expect(tuner.exploration.settings).toHaveLength(1);
    expect(tuner.viewer.isStale).toBe(false);
  });

  it('weigh what is seen anew, and mark what they would never have drawn', async () => {
    const tuner = begin(PROMPT, { seed: 3, temperature: 2 }, 20);
    tuner.play();
    await atRest(tuner);
    const before = tuner.viewer.view!;
    for (let i = 0; i < 60; i++) tuner.turn('topKDown', 'k');
    await atRest(tuner);
    expect(tuner.settings.options.topK).toBe(1);
    expect(tuner.viewer.view).toMatchObject({ node: before.node, kept: 1, entropy: 0 });
    await until(tuner, () => tuner.viewer.marks !== undefined && !tuner.viewer.isStale);
    const { written } = tuner.timeline;
    await until(tuner, () => tuner.viewer.marks!.includes(0));
    expect([...tuner.viewer.marks!]).toEqual(written.map(({ rank }) => (rank === 1 ? 1 : 0)));
    expect(written.some(({ rank }) => rank > 1)).toBe(true);
  });
});

describe('the view', () => {
  it('follows the text with a trail of bounded length', async () => {
    const tuner = begin(PROMPT, OPTIONS, 30);
    tuner.play();
    await atRest(tuner);
    for (let place = 30; place >= 0; place--) {
      tuner.goTo(place);
      await atRest(tuner);
    }
    expect(tuner.viewer.view!.node).toBe(0);
    expect(tuner.viewer.trail.length).toBe(16);
  });

  it('explains the token asked for, here and wherever one goes', async () => {
    const tuner = begin();
    tuner.play();
    await atRest(tuner);
    tuner.viewer.explain(undefined);
    for (const place of [5, 3, 0]) {
      tuner.goTo(place);
      const { viewer } = tuner;
      await until(tuner, () => viewer.explanation?.node === tuner.timeline.node());
      const { drawn, candidates } = viewer.view!;
      const { shaped } = candidates.find(({ token }) => token === drawn)!;
      expect(viewer.explanation).toMatchObject({ token: drawn, shaped });
    }
    tuner.viewer.explainNothing();
    expect(tuner.viewer.explanation).toBeUndefined();
  });
});
