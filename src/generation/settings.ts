import type { ModelInfo } from '../model/info.ts';
import { reason } from '../model/reason.ts';
import { checkTokens, show } from '../sampling/check.ts';
import {
  KelvinError,
  parseSamplingOptions,
  Sampler,
  type SamplingOptions,
  samplingOptions,
} from '../sampling/index.ts';
import { invalidOption } from '../sampling/option.ts';
import { checkOptionNames } from '../sampling/option-names.ts';
import { type GenerateOptions, maxTokensOption, topOption } from './generate-options.ts';
import { modelDefaults } from './model-defaults.ts';
import type { Settings } from './step.ts';

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
 *   and the value received; `INVALID_ARGUMENT` for a prompt that is neither text nor tokens,
 *   `INVALID_TOKEN` for an id outside the vocabulary
 */
export function resolveSettings(
  prompt: string | readonly number[],
  options: GenerateOptions,
  model: ModelInfo,
): Request {
  checkPrompt(prompt, model.vocabularySize);
  const names = [...Object.keys(BUILT_IN), 'signal', ...Object.keys(samplingOptions)];
  checkOptionNames(options, names);
  const given = present(options, names as (keyof GenerateOptions)[]);
  const asked = modelDefaults(model);
  const { maxTokens, stop, top, signal } = { ...BUILT_IN, ...asked, ...given };
  const checked = samplerOptions(sampling(given), sampling(asked));
  const request = {
    maxTokens: maxTokensOption.parse(maxTokens, 'maxTokens'),
    stop: strings('stop', stop),
    top: topOption.parse(top, 'top'),
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

const BUILT_IN: GenerateOptions = {
  maxTokens: maxTokensOption.default,
  stop: [],
  top: topOption.default,
};

const sampling = ({ maxTokens, stop, top, signal, ...rest }: GenerateOptions): SamplingOptions =>
  rest;

function samplerOptions(given: SamplingOptions, asked: SamplingOptions): Sampler['options'] {
  parseSamplingOptions(given);
  try {
    return new Sampler({ ...asked, ...given }).options;
  } catch (cause) {
    // By themselves the caller's options are right: it is the model's that do not go with them.
    const why = "the model's own generation_config.json sets it";
    throw new KelvinError('INVALID_OPTION', `${reason(cause)}; ${why}`, { cause });
  }
}

// By name, so that getters and inherited options count as well.
function present(options: GenerateOptions, names: (keyof GenerateOptions)[]): GenerateOptions {
  return Object.fromEntries(
    names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
  );
}

function checkPrompt(prompt: unknown, vocabulary: number): void {
  if (Array.isArray(prompt)) checkTokens('prompt', prompt, vocabulary);
  else if (typeof prompt !== 'string')
    throw new KelvinError(
      'INVALID_ARGUMENT',
      `prompt must be a text or an array of token ids, got ${show(prompt)}`,
    );
}

function strings(name: string, value: unknown): string[] {
  const list = Array.isArray(value) ? value : [value];
  if (list.every((entry) => typeof entry === 'string' && entry !== '')) return [...list];
  throw invalidOption(name, 'one or more non-empty strings', value);
}
