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
import {
  type GenerateOptions,
  maxTokensOption,
  rawTopOption,
  topOption,
} from './generate-options.ts';
import { modelDefaults, type Told } from './model-defaults.ts';
import { parseResponseFormat } from './response-format.ts';
import type { Settings } from './step.ts';

/** A checked request, as it travels to where the model lives. */
export interface Request {
  readonly prompt: string | readonly number[];
  readonly sampling: SamplingOptions;
  readonly maxTokens: number;
  readonly stop: readonly string[];
  readonly top: number;
  readonly rawTop: number;
  /** What the text is held to. */
  readonly grammar: string | undefined;
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
  // Its name is known, so that a sampler's own options will do.
  checkOptionNames(options, [...NAMES, 'constraint']);
  refuseConstraint(options as SamplingOptions);
  const given = present(options, NAMES as (keyof GenerateOptions)[]);
  const asked = modelDefaults(model);
  const effective = { ...BUILT_IN, ...asked, ...given };
  const { maxTokens, stop, responseFormat, top, rawTop, signal, progress } = effective;
  const checked = resolveSampling(sampling(given), model);
  const request = {
    maxTokens: maxTokensOption.parse(maxTokens, 'maxTokens'),
    stop: strings('stop', stop),
    top: topOption.parse(top, 'top'),
    rawTop: rawTopOption.parse(rawTop, 'rawTop'),
  };
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw invalidOption('signal', 'an AbortSignal', signal);
  if (progress !== undefined && typeof progress !== 'function')
    throw invalidOption('progress', 'a function', progress);
  const { format, grammar } = parseResponseFormat(responseFormat, 'responseFormat');
  if (grammar !== undefined && model.engine)
    throw new KelvinError(
      'MODEL_UNSUPPORTED',
      `responseFormat must be absent where an engine elsewhere runs the model, as grammars need a tokenizer's own files, got type ${show(format.type)}`,
    );
  const values: Readonly<Record<string, unknown>> = {
    ...checked,
    ...request,
    responseFormat: format,
  };
  // The grammar and the engine know the model's own, and what ends a text is theirs to say.
  const isTheirs = grammar !== undefined || model.engine?.sampledBy === 'engine';
  if (isTheirs && String(checked.endTokens) !== String(model.endTokens))
    throw invalidOption(
      'endTokens',
      `the model's own, ${show(model.endTokens)}, ${grammar ? 'beside responseFormat' : 'where the engine samples'}`,
      checked.endTokens,
    );
  const told = NAMES.filter((name) => !UNTOLD.includes(name)).map((name) => [
    name,
    {
      value: values[name] ?? null,
      origin: name in given ? 'option' : name in asked ? 'model' : 'built-in',
    },
  ]);
  return {
    // A copy: the request may be sent much later.
    prompt: typeof prompt === 'string' ? prompt : [...prompt],
    sampling: checked,
    ...request,
    grammar,
    settings: Object.fromEntries(told),
  };
}

const BUILT_IN: GenerateOptions = {
  maxTokens: maxTokensOption.default,
  stop: [],
  responseFormat: { type: 'text' },
  top: topOption.default,
  rawTop: rawTopOption.default,
};

/** Options that are no settings, but hold on to what runs. */
const HANDLES = ['signal', 'progress'];
/** Options that a summary need not tell of: the text is the same with them and without. */
const UNTOLD = [...HANDLES, 'rawTop'];

const NAMES = [
  ...Object.keys(samplingOptions).filter((name) => name !== 'constraint'),
  ...Object.keys(BUILT_IN),
  ...HANDLES,
];

const sampling = ({
  maxTokens,
  stop,
  responseFormat,
  top,
  rawTop,
  signal,
  progress,
  ...rest
}: GenerateOptions): SamplingOptions => rest;

function refuseConstraint(options: Pick<SamplingOptions, 'constraint'>): void {
  if (options.constraint !== undefined)
    throw new KelvinError(
      'INVALID_OPTION',
      'constraint must be absent here, as it cannot follow to the thread the model runs in: use a Sampler',
    );
}

/**
 * The caller's sampling options over the model's own.
 *
 * @throws KelvinError as {@link resolveSettings}; where it is the model's options that do not go
 *   with the caller's, the message names `generation_config.json`
 */
export function resolveSampling(options: SamplingOptions, model: Told): Sampler['options'] {
  const names = Object.keys(samplingOptions) as (keyof SamplingOptions)[];
  checkOptionNames(options, names, 'sampling option');
  refuseConstraint(options);
  const given = present(options, names);
  const asked = sampling(modelDefaults(model));
  const sampler = samplerOf(given, asked, model);
  if (given.temperature === undefined) refuseIdle(given, sampler);
  return sampler.options;
}

function samplerOf(given: SamplingOptions, asked: SamplingOptions, { engine }: Told): Sampler {
  try {
    return new Sampler({ ...asked, ...given });
  } catch (cause) {
    parseSamplingOptions({ endTokens: asked.endTokens, ...given });
    // By themselves the caller's options are right: it is the model's that do not go with them.
    const why = engine
      ? 'beside an engine topK is set by default, and 0 turns it off'
      : "the model's own generation_config.json sets it";
    throw new KelvinError('INVALID_OPTION', `${reason(cause)}; ${why}`, { cause });
  }
}

// Who sets temperature 0 beside a filter has turned a knob; who only sets the filter wants it to act.
function refuseIdle(given: SamplingOptions, sampler: Sampler): void {
  if (sampler.options.temperature !== 0) return;
  const warm = new Sampler({ ...sampler.options, temperature: 1 }).describe();
  const idle = sampler.describe().filter(({ active }, i) => !active && warm[i]!.active);
  for (const [name, value] of idle.flatMap(({ parameters }) => Object.entries(parameters)))
    if (name in given)
      throw new KelvinError(
        'INVALID_OPTION',
        `${name} must come with a temperature, as the model's own generation_config.json sets temperature 0 (or do_sample false), behind which it would do nothing, got ${show(value)}`,
      );
}

// By name, so that getters and inherited options count as well.
function present<T extends object>(options: T, names: readonly (keyof T)[]): T {
  return Object.fromEntries(
    names.filter((name) => options[name] !== undefined).map((name) => [name, options[name]]),
  ) as T;
}

/** @throws KelvinError `INVALID_ARGUMENT`, `INVALID_TOKEN` */
export function checkPrompt(prompt: unknown, vocabulary: number): void {
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
