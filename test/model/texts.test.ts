// Texts that share runs of a graph, branch, go back and go on: each must be as if it were alone.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LocalModel } from '../../src/model/local-model.ts';
import type { Sequence } from '../../src/model/sequence.ts';
import { decoder } from './decoders/decoder.ts';
import { type DecoderShape, tinyGpt2, tinyLlama } from './decoders/shape.ts';

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
    model.give(first);

    const next = [...turn.slice(0, 80), 5, 6, 7];
    const second = model.sequence(next);
    expect(second.tokens).toEqual(turn.slice(0, 80));
    const row = await second.decode(next.slice(80));
    const cold = await LocalModel.open(model.info.path, { threads: 1 });
    const expected = await cold.sequence().decode(next);
    for (const [i, z] of row.entries()) expect(Math.abs(z - expected[i]!)).toBeLessThan(tolerance);

    // The whole prompt is known, but its last token's logits are wanted; and it is in use.
    expect(model.sequence(next).length).toBe(0);
    model.give(second);
    expect(model.sequence(next).length).toBe(next.length - 1);
    await Promise.all([model.dispose(), cold.dispose()]);
  });
});
