import { isDeepStrictEqual } from 'node:util';
import type { SamplingOptions } from '../../sampling/index.ts';
import { kebab } from '../kebab.ts';
import type { Knob } from '../knobs.ts';
import { inOrder } from '../order.ts';
import { capital, inWords } from './words.ts';

/** Which settings became others: `Temperature 0.80, was 0.75.` */
export function settingsSentences(
  before: SamplingOptions,
  after: SamplingOptions,
  knobs: readonly Knob[],
): string[] {
  const turned = knobs
    .filter(({ option }) => before[option] !== after[option])
    .map((knob) => `${capital(knobWords(knob, after))}, was ${valueWords(knob, before)}.`);
  const { order = 'temperature-first', seed } = after;
  const isReordered = !isDeepStrictEqual(order, before.order ?? 'temperature-first');
  const names = inOrder(order, knobs).map(({ option }) => kebab(option));
  return [
    ...turned,
    ...(isReordered ? [`Order: ${names.join(', then ')}.`] : []),
    ...(seed === before.seed ? [] : [`Seed ${seed}.`]),
  ];
}

/** What a knob says that is at its end. */
export const stays = (knob: Knob, options: SamplingOptions): string =>
  `${capital(kebab(knob.option))} stays at ${valueWords(knob, options)}.`;

/** The temperature, and every knob that is not off. */
export function settingsWords(options: SamplingOptions, knobs: readonly Knob[]): string {
  return knobs
    .filter(({ option, off }) => option === 'temperature' || (options[option] ?? off) !== off)
    .map((knob) => knobWords(knob, options))
    .join(', ');
}

const valueWords = (knob: Knob, options: SamplingOptions) =>
  inWords(knob.text(options[knob.option]));

const knobWords = (knob: Knob, options: SamplingOptions) =>
  `${kebab(knob.option)} ${valueWords(knob, options)}`;
