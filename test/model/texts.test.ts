// Texts that share runs of a graph, branch, go back and go on: each must be as if it were alone.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LocalModel } from '../../src/model/local-model.ts';
import type { Sequence } from '../../src/model/sequence.ts';
import { decoder } from './decoders/decoder.ts';
import { type DecoderShape, tinyGpt2, tinyLlama, wideGpt2, wideLlama } from './decoders/shape.ts';

const MOST = 5;
const step = fc.oneof(
  // Several texts at a time, by the bits of `which`: one token each, or one of them a few.
  { weight: 6, arbitrary: fc.record({ act: fc.constant('together' as const), which: fc.nat(31) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('read' as const),
      which: fc.nat(),
      count: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 60, max: 90 })),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      act: fc.constant('truncate' as const),
      which: fc.nat(),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ act: fc.constant('fork' as const), which: fc.nat() }) },
  { weight: 1, arbitrary: fc.record({ act: fc.constant('release' as const), which: fc.nat() }) },
);

const shapes: [string, DecoderShape, number][] = [
  ['plain attention, its room in front', tinyGpt2, 1e-4],
  ['plain attention and rotary positions', tinyLlama, 1e-4],
  ['plain attention over past and new rows apart', wideGpt2, 1e-4],
  ['the same with heads that share', wideLlama, 1e-4],
  ['grouped attention, its room behind', { ...tinyLlama, attention: 'gqa' }, 1e-4],
  ['a sliding window', { ...tinyLlama, attention: 'gqa', window: 7 }, 1e-4],
  ['multi-head attention', { ...tinyGpt2, attention: 'mha' }, 1e-4],
  ['no room to spare', { ...tinyGpt2, positions: false }, 1e-4],
  ['a half-precision cache', { ...tinyGpt2, cache: 'float16' }, 0.05],
  ['half-precision logits', { ...tinyGpt2, logits: 'float16' }, 0.05],
];

describe.each(shapes)('with %s', (_, shape, tolerance) => {
  it('every text has the logits it has alone', async () => {
    const model = await LocalModel.open(decoder(shape).folder, { threads: 1 });
    let drawn = 0;
    const token = () => 1 + ((drawn++ * 7919) % (shape.vocabulary - 1));
    const alone = async (tokens: readonly number[]) => model.sequence().decode(tokens);

    const check = async (sequence: Sequence, row: Float32Array) => {
      const expected = await alone(sequence.tokens);
      expect(row.length).toBe(shape.vocabulary);
      let farthest = 0;
      for (const [i, z] of row.entries()) farthest = Math.max(farthest, Math.abs(z - expected[i]!));
      expect(farthest).toBeLessThan(tolerance);
    };

    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 16 }), async (steps) => {
        const texts = [model.sequence(), model.sequence(), model.sequence()];
        const [, short, long] = texts;
        await Promise.all([short!.decode([1, 2]), long!.decode(Array.from({ length: 70 }, token))]);
        for (const step of steps) {
          const one = texts[step.which % texts.length]!;
          if (step.act === 'together') {
            const some = texts.filter(
              ({ length }, i) => (step.which >> i) & 1 && length < shape.context,
            );
            const rows = await Promise.all(some.map((text) => text.decode([token()])));
            for (const [i, text] of some.entries()) await check(text, rows[i]!);
          } else if (step.act === 'read' && one.length + step.count <= shape.context) {
            await check(one, await one.decode(Array.from({ length: step.count }, token)));
          } else if (step.act === 'truncate') {
            one.truncate(Math.floor(step.share * one.length));
          } else if (step.act === 'fork' && texts.length < MOST) {
            texts.push(one.fork());
          } else if (step.act === 'release' && texts.length > 1) {
            one.release();
            texts.splice(texts.indexOf(one), 1);
          }
        }
        // And all of them once more, from wherever they are.
        const room = texts.filter(({ length }) => length < shape.context);
        const rows = await Promise.all(room.map((text) => text.decode([token()])));
        for (const [i, text] of room.entries()) await check(text, rows[i]!);
      }),
      { numRuns: 150 },
    );
    await model.dispose();
  });
});

describe('a prompt that begins as an earlier text did', () => {
  it.each(shapes.slice(0, 6))('reads only what is new: %s', async (_, shape, tolerance) => {
    const model = await LocalModel.open(decoder(shape).folder, { threads: 1 });
    const turn = Array.from({ length: 90 }, (_, i) => 1 + i);
    const first = model.sequence(turn);
    expect(first.length).toBe(0);
    await first.decode(turn);
    model.give(first, 70);

    const next = [...turn.slice(0, 80), 5, 6, 7];
    const second = model.sequence(next);
    expect(second.tokens).toEqual(turn.slice(0, 80));
    const row = await second.decode(next.slice(80));
    const cold = await LocalModel.open(model.info.path, { threads: 1 });
    const expected = await cold.sequence().decode(next);
    for (const [i, z] of row.entries()) expect(Math.abs(z - expected[i]!)).toBeLessThan(tolerance);

    // The whole prompt is known, but its last token's logits are wanted; and it is in use.
    expect(model.sequence(next).length).toBe(0);
    model.give(second, 70);
    // One that only asks again is read anew.
    expect(model.sequence(next.slice(0, 70)).length).toBe(0);
    expect(model.sequence(next).length).toBe(next.length - 1);
    await Promise.all([model.dispose(), cold.dispose()]);
  });
});

describe('of two conversations that begin alike', () => {
  it('neither costs the other what is known of it', async () => {
    const model = await LocalModel.open(decoder(tinyGpt2).folder, { threads: 1 });
    const begun = (n: number, by: number) => [
      0,
      0,
      ...Array.from({ length: n }, (_, i) => 5 + ((i * by) % 2000)),
    ];
    const reused: number[] = [];
    for (let length = 100; length <= 300; length += 50)
      for (const by of [3, 7]) {
        const prompt = begun(length, by);
        const sequence = model.sequence(prompt);
        reused.push(sequence.length);
        // The prompt, and the first of what comes next.
        await sequence.decode(begun(length + 1, by).slice(sequence.length));
        model.give(sequence, prompt.length);
        // Nor does one that never began.
        model.give(model.sequence([9, 9]), 2);
      }
    expect(reused).toEqual([0, 0, 103, 103, 153, 153, 203, 203, 253, 253]);
    await model.dispose();
  });
});

describe('where rows of a run depend on each other', () => {
  it.each<[string, Partial<DecoderShape>]>([
    ['dynamic quantisation', { body: 'q8', head: 'q8' }],
    ['two branches', { merged: true }],
  ])('by %s, nothing is used again and each text goes alone', async (_, change) => {
    const model = await LocalModel.open(decoder({ ...tinyLlama, ...change }).folder, {
      threads: 1,
    });
    const prompts = [
      [1, 2, 3, 4, 5],
      [7, 8, 9, 10],
      [11, 12, 13],
    ];
    const alone: Float32Array[] = [];
    for (const prompt of prompts) {
      const sequence = model.sequence(prompt);
      await sequence.decode(prompt);
      alone.push((await sequence.decode([6])).slice());
      model.give(sequence, prompt.length);
      expect(model.sequence([...prompt, 6, 7]).length).toBe(0);
    }
    const texts = prompts.map((prompt) => model.sequence(prompt));
    for (const [i, text] of texts.entries()) await text.decode(prompts[i]!);
    expect(await Promise.all(texts.map((text) => text.decode([6])))).toEqual(alone);
    await model.dispose();
  });
});

describe('a text that fails', () => {
  // The config says nothing of how long a text may be, and the table of places ends.
  const shape = { ...tinyGpt2, context: 40 };
  const open = () => {
    const { folder } = decoder(shape);
    const path = join(folder, 'config.json');
    const { n_positions: _, ...config } = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify(config));
    return LocalModel.open(folder, { threads: 1 });
  };
  const tokens = (n: number) => Array.from({ length: n }, (_, i) => 1 + i);

  it('fails alone, and is as it was', async () => {
    const model = await open();
    const [long, short, alone] = [model.sequence(), model.sequence(), model.sequence()];
    await long.decode(tokens(40));
    await short.decode([1, 2, 3]);
    const results = await Promise.allSettled([long.decode([4]), short.decode([4])]);
    expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect([long.length, short.length]).toEqual([40, 4]);
    await alone.decode([1, 2, 3, 4]);
    const [a, b] = await Promise.all([short.decode([5]), alone.decode([5])]);
    for (const [i, z] of a.entries()) expect(Math.abs(z - b[i]!)).toBeLessThan(1e-4);
    long.truncate(20);
    await long.decode([21]);
    await model.dispose();
  });

  it('does one thing at a time, and is never longer than it is', async () => {
    const model = await open();
    const text = model.sequence();
    const decoding = text.decode([1, 2, 3]);
    await expect(text.decode([4])).rejects.toThrow('one thing at a time');
    expect(() => text.truncate(0)).toThrow('one thing at a time');
    expect(() => text.fork()).toThrow('one thing at a time');
    await decoding;
    expect(() => text.truncate(4)).toThrow('length must be in [0, 3], got 4');
    await model.dispose();
  });

  it('waiting for its turn, is taken back when it is aborted', async () => {
    const model = await LocalModel.open(decoder(tinyGpt2).folder, { threads: 1 });
    const [first, second] = [model.sequence(), model.sequence()];
    const abort = new AbortController();
    const one = first.decode(tokens(250));
    const other = second.decode(tokens(250), abort.signal);
    abort.abort(new Error('enough'));
    await expect(other).rejects.toThrow('enough');
    await one;
    expect([first.length, second.length]).toEqual([250, 0]);
    await model.dispose();
  });
});
