import { z } from 'zod';
import { type GenerateOptions, maxTokensOption } from '../generation/generate-options.ts';
import { integerOption } from '../sampling/option.ts';
import { field, samplingFields, samplingOf } from './field.ts';
import { responseFormatField } from './response-format.ts';

/** Most stop strings of a request, and most characters of one. */
const MOST_STOPS = 16;
const LONGEST_STOP = 256;
/** As OpenAI's and vLLM's. */
const MOST_LOGPROBS = 20;
const LONGEST_USER = 256;

/** What every request for text asks. */
export interface Asked {
  readonly model: string | undefined;
  /** Texts for each prompt. */
  readonly n: number;
  readonly stream: boolean;
  readonly includeUsage: boolean;
  /** Who asks, for the log. */
  readonly user: string | undefined;
  /** How many of the likeliest tokens are told of each; undefined where nobody asked. */
  readonly logprobs: number | undefined;
  readonly options: GenerateOptions;
}

const stopInterval = `a string or a list of at most ${MOST_STOPS} strings, of 1 to ${LONGEST_STOP} characters each`;
const stop = z
  .string({ error: stopInterval })
  .min(1, { error: stopInterval })
  .max(LONGEST_STOP, { error: stopInterval });
const stops = z.array(stop, { error: stopInterval }).max(MOST_STOPS, { error: stopInterval });

export const flag = z.boolean({ error: 'true or false' }).nullish();
export const maxTokensField = (name: string) => field(name, maxTokensOption);
export const logprobsField = (name: string) =>
  field(
    name,
    integerOption({
      min: 0,
      max: MOST_LOGPROBS,
      default: undefined,
      summary: 'how many of the likeliest tokens are told of each',
    }),
  );

/** @param mostChoices most texts of one request */
export const sharedFields = (mostChoices: number) => ({
  model: z.string({ error: 'a string' }).nullish(),
  n: field(
    'n',
    integerOption({ min: 1, max: mostChoices, default: 1, summary: 'texts for each prompt' }),
  ),
  max_tokens: maxTokensField('max_tokens'),
  stop: z.union([stop, stops], { error: stopInterval }).nullish(),
  response_format: responseFormatField,
  stream: flag,
  stream_options: z
    .strictObject({ include_usage: flag }, { error: 'an object with include_usage' })
    .nullish(),
  user: z
    .string({ error: `a string of at most ${LONGEST_USER} characters` })
    .max(LONGEST_USER, { error: `a string of at most ${LONGEST_USER} characters` })
    .nullish(),
  ...samplingFields,
});

export type Shared = z.infer<z.ZodObject<ReturnType<typeof sharedFields>>>;

/** What a checked body asks, in the library's words. */
export function askedOf(body: Shared, maxTokens: number | undefined, logprobs?: number): Asked {
  return {
    model: body.model ?? undefined,
    n: body.n ?? 1,
    stream: body.stream ?? false,
    includeUsage: body.stream_options?.include_usage ?? false,
    user: body.user ?? undefined,
    logprobs,
    options: {
      ...samplingOf(body),
      ...(maxTokens !== undefined && { maxTokens }),
      ...(body.stop != null && { stop: body.stop }),
      ...(body.response_format != null && { responseFormat: body.response_format }),
      // One more than none, as the token itself comes with them.
      ...(logprobs !== undefined && { rawTop: Math.max(1, logprobs) }),
    },
  };
}

/** Fields of OpenAI's interface that there is nothing behind here. */
const NOT_HERE = 'this server has no such thing';
export const REFUSED: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      ...['audio', 'metadata', 'modalities', 'moderation', 'prediction', 'prompt_cache_key'],
      ...['reasoning_effort', 'safety_identifier', 'service_tier', 'store', 'verbosity'],
      ...['web_search_options', 'prompt_cache_retention'],
    ].map((name) => [name, NOT_HERE]),
  ),
  ...Object.fromEntries(
    ['tools', 'tool_choice', 'parallel_tool_calls', 'functions', 'function_call'].map((name) => [
      name,
      'the model is not told of tools',
    ]),
  ),
  best_of: 'ask for n texts and choose among them',
  echo: 'the prompt is not repeated',
  suffix: 'text can only be written behind a prompt',
};
