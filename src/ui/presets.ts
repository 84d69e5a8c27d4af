import type { SamplingOptions } from '../sampling/index.ts';
import { type KnobOption, withKnobs } from './knobs.ts';

/** Settings that others found good, behind a key. */
export interface Preset {
  readonly key: string;
  readonly name: string;
  readonly options: { readonly [name in KnobOption]?: number };
  /** Who published these values. */
  readonly source: string;
}

export const presets: readonly Preset[] = [
  {
    key: '1',
    name: 'precise',
    options: { temperature: 0.2, topP: 0.95 },
    source:
      'Chen et al. 2021, "Evaluating Large Language Models Trained on Code": best for one try',
  },
  {
    key: '2',
    name: 'story',
    options: { temperature: 0.8, topK: 40, topP: 0.95 },
    source: "llama.cpp's defaults of 2023",
  },
  {
    key: '3',
    name: 'wild',
    options: { temperature: 1.5, minP: 0.1 },
    source: 'Nguyen et al. 2024, "Turning Up the Heat": min-p keeps high temperatures coherent',
  },
  {
    key: '4',
    name: 'greedy',
    options: { temperature: 0 },
    source: 'always the likeliest token; the baseline of Holtzman et al. 2019',
  },
];

/** The settings with a preset's knobs; what has no knob stays. */
export const withPreset = (options: SamplingOptions, preset: Preset): SamplingOptions =>
  withKnobs(options, preset.options);

/** The preset whose knobs are those of the settings, if there is one. */
export function presetOf(options: SamplingOptions): Preset | undefined {
  const knobs = knobValues(options);
  return presets.find((preset) => knobValues(withPreset(options, preset)) === knobs);
}

const knobValues = (options: SamplingOptions) => {
  const off = withKnobs(options, {});
  const set = Object.entries(options).filter(
    ([name, value]) => value !== undefined && !(name in off),
  );
  return JSON.stringify(set.sort().map(([name, value]) => [name, String(value)]));
};
