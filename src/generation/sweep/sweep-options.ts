import { checkInteger, show } from '../../sampling/check.ts';
import { KelvinError, type SamplingOptions } from '../../sampling/index.ts';
import { integerOption, invalidOption } from '../../sampling/option.ts';
import { isRecord, namesOf } from '../../sampling/option-names.ts';
import { randomSeed } from '../../sampling/seed.ts';
import type { GenerateOptions } from '../generate-options.ts';

/** What a setting of a sweep may say: the seed is the sample's. */
export type Setting = Omit<SamplingOptions, 'constraint' | 'seed'>;

/** Options of `sweep`: those of `generate` that all runs share, and what differs. */
export interface SweepOptions extends Omit<GenerateOptions, 'top' | 'progress'> {
  /** The settings to compare, 1 to 10,000; what one leaves out is as beside `grid`. */
  grid: readonly Setting[];
  /** Runs of each setting; an integer in [1, 100000], 8 if absent. */
  samples?: number;
  /**
   * The seed of sample 0; sample j has the one j higher, in every setting: settings are compared
   * on the same luck. Random if absent.
   */
  seed?: number;
  /** Runs at once; an integer in [1, 1024], 16 if absent: as many as go through a model together. */
  concurrency?: number;
  /** Runs to leave out, such as those that an earlier sweep has finished. */
  skip?: (setting: number, sample: number) => boolean;
  /** Called at each token, with how many all runs have written, unfinished ones included. */
  progress?: (tokens: number) => void;
}

/** Most settings of one sweep. */
export const MOST_SETTINGS = 10_000;

export const samplesOption = integerOption({
  min: 1,
  max: 100_000,
  default: 8,
  summary: 'runs of each setting',
});

const concurrencyOption = integerOption({
  min: 1,
  max: 1024,
  default: 16,
  summary: 'runs at once',
});

/**
 * Takes the options of a sweep apart: what is the sweep's own, and what goes to every run.
 *
 * @throws KelvinError `INVALID_OPTION`
 */
export function checkSweepOptions(options: SweepOptions) {
  if (!isRecord(options)) throw invalidOption('options', 'an object with a grid', options);
  const { grid, samples, seed, concurrency, ...rest } = given(options);
  const { skip = () => false, progress = () => {}, ...common } = rest;
  checkGrid(grid);
  if (typeof skip !== 'function') throw invalidOption('skip', 'a function', skip);
  if (typeof progress !== 'function') throw invalidOption('progress', 'a function', progress);
  const own = {
    grid: grid.map(given),
    samples: samplesOption.parse(samples ?? samplesOption.default, 'samples'),
    seed: seed ?? randomSeed(),
    concurrency: concurrencyOption.parse(concurrency ?? concurrencyOption.default, 'concurrency'),
    skip,
    progress,
  };
  checkInteger('seed', own.seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER - own.samples);
  return { ...own, common: common as GenerateOptions };
}

export type CheckedSweep = ReturnType<typeof checkSweepOptions>;

function checkGrid(grid: unknown): asserts grid is Setting[] {
  if (!Array.isArray(grid) || grid.length === 0 || grid.length > MOST_SETTINGS)
    throw new KelvinError(
      'INVALID_OPTION',
      `grid must be an array of 1 to ${MOST_SETTINGS} settings, got ${Array.isArray(grid) ? grid.length : show(grid)}`,
    );
  for (const setting of grid) {
    if (!isRecord(setting)) throw invalidOption('grid', 'an array of options', setting);
    if ('seed' in setting)
      throw new KelvinError(
        'INVALID_OPTION',
        `grid must leave out seed, which is the sample's, got ${show(setting)}`,
      );
  }
}

/** What an object says, inherited names included; undefined says nothing. */
function given<T extends object>(record: T): T {
  const entries = namesOf(record).map((name) => [name, record[name as keyof T]] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined)) as T;
}
