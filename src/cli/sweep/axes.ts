import { type Axes, gridOf } from '../../generation/sweep/grid.ts';
import { MOST_SETTINGS, type Setting } from '../../generation/sweep/sweep-options.ts';
import { type SamplingOptions, samplingOptions } from '../../sampling/options.ts';
import { kebab } from '../kebab.ts';
import { flagsOf } from '../sampling-flags.ts';
import { UsageError } from '../usage-error.ts';
import { readRange } from './range.ts';

const DEFAULT = '0:2:0.1';

type Name = keyof Setting;

/** Options that are numbers; the seed is the sample's. */
const NUMERIC = Object.entries(samplingOptions)
  .filter(([name, { kind }]) => name !== 'seed' && (kind === 'number' || kind === 'integer'))
  .map(([name]) => name as Name);

/** One more axis: `--sweep top-p=0.5:1:0.05` */
export function readSweep(text: string, before: Axes = {}): Axes {
  const [, flag = '', range = ''] = /^\s*([^=\s]+)=(.*)$/.exec(text) ?? [];
  const name = NUMERIC.find((name) => flagsOf(name).split(', ').includes(`--${flag}`));
  if (name === undefined) {
    const names = NUMERIC.map(kebab).join(', ');
    throw new UsageError(
      `--sweep must be option=from:to:step or option=values, with an option of ${names}, got ${JSON.stringify(text)}`,
    );
  }
  if (name in before) throw new UsageError(`--sweep names ${flag} twice`);
  return { ...before, [name]: readRange(range, `--sweep ${flag}`, samplingOptions[name]) };
}

/** `--temperatures 0:2:0.1` */
export const readTemperatures = (text: string): number[] =>
  readRange(text, '--temperatures', samplingOptions.temperature);

/**
 * The settings to compare, over what all of them share.
 *
 * @throws UsageError where an option is both swept and set, or there are too many settings
 */
export function settingsOf(
  temperatures: readonly number[] | undefined,
  swept: Axes | undefined,
  common: SamplingOptions,
): Setting[] {
  if (temperatures && swept?.temperature)
    throw new UsageError('--temperatures must be absent where --sweep names temperature');
  const temperature = temperatures ?? (swept ? undefined : readTemperatures(DEFAULT));
  const axes: Axes = { ...(temperature && { temperature }), ...swept };
  for (const name of Object.keys(axes) as Name[])
    if (common[name] !== undefined)
      throw new UsageError(
        `--${kebab(name)} must be absent where ${kebab(name)} is swept, got ${common[name]}`,
      );
  const count = Object.values(axes).reduce((count, values) => count * values.length, 1);
  if (count > MOST_SETTINGS)
    throw new UsageError(`a sweep must have at most ${MOST_SETTINGS} settings, got ${count}`);
  return gridOf(axes);
}
