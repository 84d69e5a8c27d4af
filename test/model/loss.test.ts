import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LocalModel } from '../../src/model/local-model.ts';
import { negativeLogLikelihood } from '../../src/sampling/index.ts';
import { validation } from './folders.ts';

const END_OF_TEXT = '<|endoftext|>';
const held = new URL('../../training/stories.txt', import.meta.url);

let model: LocalModel;
beforeAll(async () => {
  model = await LocalModel.open();
});
afterAll(() => model.dispose());

function stories(file: string | URL): string[] {
  const texts = readFileSync(file, 'utf8').split(END_OF_TEXT);
  return texts.map((text) => text.trim()).filter((text) => text !== '');
}

/**
 * Bits per byte: the loss of each story's own tokens, from its start and cut at the context, over
 * the UTF-8 bytes of the tokens that were predicted.
 */
async function bitsPerByte(texts: readonly string[]): Promise<number> {
  let nats = 0;
  let bytes = 0;
  for (const text of texts) {
    const tokens = model.tokenizer.encode(text).slice(0, model.info.contextLength);
    const sequence = model.sequence();
    for (const [i, token] of tokens.slice(0, -1).entries()) {
      nats += negativeLogLikelihood(await sequence.decode([token]), tokens[i + 1]!);
    }
    bytes += Buffer.byteLength(model.tokenizer.decode(tokens));
  }
  return nats / Math.LN2 / bytes;
}

it('expects stories it has not seen', async () => {
  expect(await bitsPerByte(stories(held))).toBeLessThan(1.25);
});

it.skipIf(!existsSync(validation))('expects the stories its kind is measured on', async () => {
  const sample = stories(validation).filter((_, i) => i % 12 === 0);
  expect(sample.length).toBeGreaterThan(10);
  expect(await bitsPerByte(sample)).toBeLessThan(0.76);
});
