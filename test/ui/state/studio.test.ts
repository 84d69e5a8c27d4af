import { loadModel } from 'kelvin';
import { expect, it } from 'vitest';
import type { Studio as StudioType } from '../../../src/ui/state/studio.ts';
import { embedded } from '../../e2e/folders.ts';
import { Studio } from './built.ts';
import { atRest } from './settled.ts';

async function begin(): Promise<StudioType> {
  const options = { temperature: 0.9, seed: 7 };
  const opening = { prompt: 'Once upon a time', options, limit: 5, pace: Number.POSITIVE_INFINITY };
  const studio = new Studio(opening);
  studio.begin(await loadModel(), opening.prompt);
  await atRest(studio.tuner!);
  return studio;
}

/** A model that was freed answers nothing any more. */
const isFree = ({ model }: NonNullable<StudioType['tuner']>) =>
  model.encode('a').then(
    () => false,
    () => true,
  );

it('goes on with another model under the same settings, and frees the one before', async () => {
  const studio = await begin();
  const { tuner } = studio;
  const told: string[] = [];
  studio.subscribe(() => told.push(studio.notice?.text ?? ''));
  await studio.change(embedded);
  expect(told).toContain(`loading ${embedded}: 66 %`);
  expect(studio.notice?.text).toBe('kelvin-story is loaded');
  expect(studio.tuner).not.toBe(tuner);
  expect(studio.tuner!.prompt).toBe(tuner!.prompt);
  expect(studio.settings.options).toEqual(tuner!.settings.options);
  expect([await isFree(tuner!), await isFree(studio.tuner!)]).toEqual([true, false]);
  await studio.close();
  expect(await isFree(studio.tuner!)).toBe(true);
});

it('takes the model that was asked for last, and keeps its own where there is none', async () => {
  const studio = await begin();
  const { tuner } = studio;
  await Promise.all([studio.change(embedded), studio.change(embedded)]);
  const last = studio.tuner;
  expect(last).not.toBe(tuner);
  await expect(studio.change('/nowhere')).rejects.toThrow(/nowhere/);
  expect(studio.tuner).toBe(last);
  // One that is not wanted any more says nothing, not even that it failed.
  const leaving = studio.change('/nowhere');
  await studio.close();
  await leaving;
  expect(studio.tuner).toBe(last);
});
