import { type SamplingOptions, samplingOptions } from '../sampling/index.ts';
import type { Knob } from './knobs.ts';
import type { Glyphs } from './line.ts';
import { inOrder } from './order.ts';
import { spell } from './panes/spell.ts';

/**
 * Settings in one short line, in the order they act: `τ .80 k 40 p .95`. Knobs that are off are
 * left out, but for the temperature; options without a knob are named.
 */
export function settingsText(
  options: SamplingOptions,
  knobs: readonly Knob[],
  glyphs: Glyphs = 'unicode',
): string {
  const { order = 'temperature-first' } = options;
  const turned = inOrder(order, knobs)
    .filter(({ option, off }) => option === 'temperature' || !isOff(options[option], off))
    .map((knob) => `${knob.sign} ${knob.text(options[knob.option]).replace(/^0\./, '.')}`);
  const others = Object.entries(options)
    .filter(([name, value]) => value !== undefined && isUnshown(name, knobs))
    .filter(([name, value]) => value !== samplingOptions[name as keyof SamplingOptions].default)
    .map(([name]) => `+${name}`);
  return spell([...turned, ...others].join(' '), glyphs);
}

const isOff = (value: number | undefined, off: number | undefined) =>
  value === undefined || value === off;

// How a text ends and which dice are thrown says nothing about the distribution; the order is seen.
const SILENT = ['order', 'seed', 'endTokens'];

const isUnshown = (name: string, knobs: readonly Knob[]) =>
  !SILENT.includes(name) && !knobs.some(({ option }) => option === name);
