import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LocalModel } from '../../src/model/local-model.ts';
import type { Sequence } from '../../src/model/sequence.ts';
import { decoder } from './decoders/decoder.ts';
import { type DecoderShape, tinyGpt2, tinyLlama } from './decoders/shape.ts';

const tokens = Array.from({ length: 640 }, (_, i) => 1 + ((i * 7919) % 2000));

// Where a text gets more room, and places right beside them.
const EDGES = [64, 128, 192, 256, 320, 384, 448, 512, 576, 639];
const lengths = fc
  .tuple(fc.constantFrom(...EDGES), fc.integer({ min: -2, max: 2 }))
  .map(([edge, by]) => Math.min(640, edge + by));

/** Reads on to a length, token by token; the bits of the last row. */
async function readTo(sequence: Sequence, length: number): Promise<Uint8Array> {
  let row: Float32Array = new Float32Array();
  while (sequence.length < length) row = await sequence.decode([tokens[sequence.length]!]);
  return new Uint8Array(row.slice().buffer);
}

describe('a text that went back and on has the same logits as one that never did, to the last bit', () => {
  it.each<[string, DecoderShape]>([
    ['with room in front', tinyGpt2],
    ['with room behind', { ...tinyLlama, attention: 'gqa' }],
    ['without room', { ...tinyGpt2, merged: true }],
  ])('%s', async (_, shape) => {
    const model = await LocalModel.open(decoder(shape).folder, { threads: 1 });
    const straight = model.lonelySequence();
    await straight.decode(tokens.slice(0, 40));
    const rows = new Map<number, Uint8Array>();
    for (let length = 41; length <= 640; length++) rows.set(length, await readTo(straight, length));
    const property = fc.asyncProperty(lengths, lengths, fc.boolean(), async (far, near, forks) => {
      const first = model.lonelySequence();
      await first.decode(tokens.slice(0, 40));
      await readTo(first, Math.max(far, near));
      const again = forks ? first.fork() : first;
      again.truncate(Math.min(far, near) - 1);
      for (const length of [Math.min(far, near), Math.max(far, near)])
        if (again.length < length) expect(await readTo(again, length)).toEqual(rows.get(length));
      again.release();
    });
    await fc.assert(property, { numRuns: 6 });
    await model.dispose();
  });
});
