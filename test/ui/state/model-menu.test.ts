import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Studio as StudioType } from '../../../src/ui/state/studio.ts';
import { story } from '../../model/folders.ts';
import { tinyModel } from '../../model/tiny.ts';
import { temporary, variant } from '../../model/variant.ts';
import { press, Studio } from './built.ts';
import { atRest, until } from './settled.ts';

const PROMPT = 'Once upon a time';
const COMMIT = 'c0ffee'.padEnd(40, '0');

let studio: StudioType;
let cache: string;
beforeEach(() => {
  cache = temporary();
  vi.stubEnv('HF_HUB_CACHE', cache);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await studio.close();
});

/** Puts a folder where a pulled model of that name would be. */
function pulled(name: string, folder: string, branch = 'main'): string {
  const repository = join(cache, `models--${name.replace('/', '--')}`);
  const path = join(repository, 'snapshots', COMMIT);
  cpSync(folder, path, { recursive: true });
  mkdirSync(join(repository, 'refs'));
  writeFileSync(join(repository, 'refs', branch), COMMIT);
  return path;
}

async function open(model?: string): Promise<void> {
  const options = { temperature: 0.9, seed: 7 };
  const pace = Number.POSITIVE_INFINITY;
  studio = new Studio({ prompt: PROMPT, options, limit: 4, pace, ...(model && { model }) });
  await studio.open();
  if (studio.tuner) await atRest(studio.tuner);
}

const labels = () => studio.menu!.items.map(({ label }) => label);

/** Opens the menu, and takes the item of that name. */
async function choose(label: string): Promise<void> {
  press(studio, 'l', 'l');
  await until(studio, () => studio.menu !== undefined);
  while (studio.menu!.index > 0) press(studio, 'up', '');
  for (let i = labels().indexOf(label); i > 0; i--) press(studio, 'down', '');
  press(studio, 'return', '');
}

it('lists what is embedded, pulled and was loaded before, and goes there and back', async () => {
  const small = pulled('acme/small', tinyModel());
  pulled('acme/old', story, 'v1');
  const folder = variant({});
  await open(folder);
  press(studio, 'l', 'l');
  await until(studio, () => studio.menu !== undefined);
  expect(labels()).toEqual(['kelvin-story', 'acme/old@v1', 'acme/small', folder, 'a folder ...']);
  // The cursor is on the one that is loaded.
  expect(studio.menu!.items[studio.menu!.index]!.preview).toBe(folder);
  press(studio, 'escape', '');
  const { model: first } = studio.tuner!;
  await choose('acme/small');
  await until(studio, () => studio.notice?.text === 'acme/small is loaded');
  expect(studio.tuner!.model.info).toMatchObject({ name: 'acme/small', path: small });
  expect(studio.tuner!.prompt).toBe(PROMPT);
  expect(studio.opening.model).toBe('acme/small');
  await expect(first.encode('x')).rejects.toMatchObject({ code: 'DISPOSED' });
  const { model: second } = studio.tuner!;
  await choose(folder);
  await until(studio, () => studio.tuner!.model !== second);
  expect(studio.tuner!.model.info.path).toBe(folder);
});

it('keeps the model where a broken one is chosen, and says what is wrong with it', async () => {
  pulled('acme/broken', variant({ 'onnx/model.onnx': 'no graph' }));
  await open();
  const { model } = studio.tuner!;
  await choose('acme/broken');
  await until(studio, () => studio.notice?.isError === true);
  expect(studio.notice!.text).toMatch(/^acme\/broken\/onnx\/model\.onnx: /);
  expect(studio.tuner!.model).toBe(model);
  expect(studio.opening.model).toBeUndefined();
  await expect(model.encode('x')).resolves.toEqual(expect.any(Array));
  press(studio, 'l', 'l');
  await until(studio, () => studio.menu !== undefined);
  expect(labels()).toEqual(['kelvin-story', 'acme/broken', 'a folder ...']);
});

it('is the way out where the first model is broken', async () => {
  await open(variant({ 'onnx/model.onnx': 'no graph' }));
  expect(studio.error).toBeDefined();
  await choose('kelvin-story');
  await until(studio, () => studio.tuner !== undefined);
  expect(studio.tuner!.model.info.name).toBe('kelvin-story');
});
