import type { GenerationConfig } from '../model/config.ts';
import { checkOptionNames } from '../model/option-names.ts';
import { show } from '../sampling/check.ts';
import { KelvinError, Sampler, type SamplingOptions, samplingOptions } from '../sampling/index.ts';
import { invalidOption } from '../sampling/option.ts';
import type { Settings } from './step.ts';

/** Options of `generate`: the sampler's own, and when to stop. */
export interface GenerateOptions extends SamplingOptions {
  /** Most tokens to write; integer ≥ 0. The model's `max_new_tokens`, else 256, if absent. */
  maxTokens?: number;
  /**
   * Strings that end the text and are not part of it; non-empty. Of several the one completed
   * first counts, of those completed by the same character the longest.
   */
  stop?: string | readonly string[];
  /** How many of the likeliest tokens each step tells of; integer ≥ 0, 0 if absent. */
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
 * @throws KelvinError `UNKNOWN_OPTION` or `INVALID_OPTION` naming the option, the allowed values
 *   and the value received; `INVALID_ARGUMENT` for a prompt that is neither text nor tokens
 */
export function resolveSettings(
  prompt: string | readonly number[],
  options: GenerateOptions,
  model: GenerationConfig,
): Request {
  checkPrompt(prompt);
  checkOptionNames(options, [...Object.keys(BUILT_IN), 'signal', ...Object.keys(samplingOptions)]);
  const given = present(options);
  const asked = present(modelOptions(model));
  const { maxTokens, stop, top, signal, ...sampling } = { ...BUILT_IN, ...asked, ...given };
  const checked = new Sampler(sampling).options;
  const request = {
    maxTokens: natural('maxTokens', maxTokens),
    stop: strings('stop', stop),
    top: natural('top', top),
  };
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw invalidOption('signal', 'an AbortSignal', signal);
  const values = Object.entries({ ...checked, ...request }).map(([name, value]) => [
    name,
    { value, origin: name in given ? 'option' : name in asked ? 'model' : 'built-in' },
  ]);
  return {
    // A copy: the request may be sent much later.
    prompt: typeof prompt === 'string' ? prompt : [...prompt],
    sampling: checked,
    ...request,
    settings: Object.fromEntries(values),
  };
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

function checkPrompt(prompt: unknown): void {
  if (typeof prompt === 'string' || Array.isArray(prompt)) return;
  throw new KelvinError(
    'INVALID_ARGUMENT',
    `prompt must be a text or an array of token ids, got ${show(prompt)}`,
  );
}

function natural(name: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw invalidOption(name, 'an integer ≥ 0', value);
}

function strings(name: string, value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.every((entry) => typeof entry === 'string' && entry !== '')) return [...list];
  throw invalidOption(name, 'one or more non-empty strings', value);
}
