import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { LocalModel } from '../../src/model/local-model.ts';
import { splitStories } from '../../training/corpus.ts';
import { bitsPerByte, score } from '../../training/score.ts';
import { validation } from './folders.ts';

const held = new URL('../../training/stories.txt', import.meta.url);

let model: LocalModel;
beforeAll(async () => {
  model = await LocalModel.open();
});
afterAll(() => model.dispose());

const stories = (file: string | URL) => splitStories(readFileSync(file, 'utf8'));

it('expects stories written for this project', async () => {
  expect(bitsPerByte(await score(model, stories(held)))).toBeLessThan(1.25);
});

it.skipIf(!existsSync(validation))('expects the stories its kind is measured on', async () => {
  const sample = stories(validation).filter((_, i) => i % 12 === 0);
  expect(sample.length).toBeGreaterThan(10);
  expect(bitsPerByte(await score(model, sample))).toBeLessThan(0.76);
});
