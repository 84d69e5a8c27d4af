import { isDeepStrictEqual } from 'node:util';
import { show } from '../../sampling/check.ts';
import { KelvinError } from '../../sampling/error.ts';
import { type SamplingOptions, samplingOptions } from '../../sampling/index.ts';
import type { EngineKind } from './engine.ts';

type Options = Required<SamplingOptions>;

/** What an engine calls an option: a field, or the fields that say it. */
export type Names = {
  readonly [Name in keyof SamplingOptions]?: string | ((value: Options[Name]) => object);
};

/**
 * The fields of a request that say how to sample: all that the engine has a name for, as an engine
 * has defaults of its own.
 *
 * @throws KelvinError `INVALID_OPTION` for an option that is set and has no name
 */
export function fieldsOf(kind: EngineKind, sampling: SamplingOptions, names: Names): object {
  const fields = Object.entries(samplingOptions).map(([option, row]) => {
    const value = sampling[option as keyof SamplingOptions];
    const name = names[option as keyof SamplingOptions];
    const isSet = value !== undefined && !isDeepStrictEqual(value, row.default);
    // End tokens end a text whoever samples.
    if (name === undefined && isSet && option !== 'endTokens')
      throw new KelvinError(
        'INVALID_OPTION',
        `${option} must be absent where the engine samples: ${kind} has no name for it, got ${show(value)}`,
      );
    if (name === undefined || value === undefined) return {};
    if (typeof name === 'string') return { [name]: value };
    return (name as (value: unknown) => object)(value);
  });
  return Object.assign({}, ...fields);
}

/** @throws KelvinError `INVALID_OPTION` for a value that the engine cannot be told */
export function told(kind: EngineKind, option: string, value: number, most: number): number {
  if (value >= 0 && value <= most) return value;
  throw new KelvinError(
    'INVALID_OPTION',
    `${option} must be a number in [0, ${most}] where ${kind} samples, got ${show(value)}`,
  );
}
