import type { GenerationConfig } from '../model/config.ts';
import { KelvinError, Sampler, type SamplingOptions } from '../sampling/index.ts';
import type { Settings } from './step.ts';

/** Options of `generate`: the sampler's own, and when to stop. */
export interface GenerateOptions extends SamplingOptions {
  /** Most tokens to write; integer >= 0. The model's `max_new_tokens`, else 256, if absent. */
  maxTokens?: number;
  /** Strings that end the text; they are not part of it. */
  stop?: string | readonly string[];
  /** How many of the likeliest tokens each step tells of; integer >= 0, 0 if absent. */
  top?: number;
  /** Ends the text between two tokens; what was written stays. */
  signal?: AbortSignal;
}

/** A checked request, as it travels to where the model lives. */
export interface Request {
  readonly prompt: string | readonly number[];
  readonly sampling: SamplingOptions;
  readonly maxTokens: number;
  readonly stop: readonly string[];
  readonly top: number;
  readonly settings: Settings;
}

/**
 * The effective settings and where each comes from: the caller's option, else the model's
 * `generation_config.json`, else what kelvin has built in.
 *
 * @throws KelvinError naming the option, the allowed values and the value received
 */
export function resolveSettings(
  prompt: string | readonly number[],
  options: Omit<GenerateOptions, 'signal'>,
  model: GenerationConfig,
): Request {
  const given = present(options);
  const asked = present(modelOptions(model));
  const { maxTokens, stop, top, ...sampling } = { ...BUILT_IN, ...asked, ...given };
  const checked = new Sampler(sampling).options;
  const request = {
    maxTokens: natural('maxTokens', maxTokens),
    stop: strings('stop', stop),
    top: natural('top', top),
  };
  const values = Object.entries({ ...checked, ...request }).map(([name, value]) => [
    name,
    { value, origin: name in given ? 'option' : name in asked ? 'model' : 'built-in' },
  ]);
  return { prompt, sampling: checked, ...request, settings: Object.fromEntries(values) };
}

const BUILT_IN: GenerateOptions = { maxTokens: 256, stop: [], top: 0 };

function modelOptions(model: GenerationConfig): GenerateOptions {
  return {
    temperature: model.do_sample === false ? 0 : (model.temperature ?? undefined),
    topK: model.top_k ?? undefined,
    topP: model.top_p ?? undefined,
    minP: model.min_p ?? undefined,
    repetitionPenalty: model.repetition_penalty ?? undefined,
    maxTokens: model.max_new_tokens ?? undefined,
  };
}

function present<T extends object>(options: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(options).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}

function natural(name: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new KelvinError('INVALID_OPTION', `${name} must be an integer ≥ 0, got ${String(value)}`);
}

function strings(name: string, value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.every((entry) => typeof entry === 'string' && entry !== '')) return list;
  throw new KelvinError(
    'INVALID_OPTION',
    `${name} must be one or more non-empty strings, got ${JSON.stringify(value)}`,
  );
}
