import type { LanguageModelV3CallOptions, SharedV3Warning } from '@ai-sdk/provider';
import type { GenerateOptions } from '../../generation/generate-options.ts';
import type { ResponseFormat } from '../../generation/response-format.ts';
import { show } from '../../sampling/check.ts';
import { KelvinError, samplingOptions } from '../../sampling/index.ts';
import { checkOptionNames } from '../../sampling/option-names.ts';

/**
 * What `providerOptions.kelvin` may say: every option of `generate` but `signal` and `progress`. An
 * unknown name is an error.
 */
export type KelvinProviderOptions = Omit<GenerateOptions, 'signal' | 'progress'>;

const NAMES = [
  ...Object.keys(samplingOptions),
  ...['maxTokens', 'stop', 'responseFormat', 'top', 'rawTop'],
];

/**
 * The settings of a call as kelvin's options, and warnings of what kelvin cannot do.
 *
 * @throws KelvinError `UNKNOWN_OPTION` or `INVALID_OPTION` for `providerOptions.kelvin`: names that
 *   are no options, and options that the call sets as well; values are checked by `generate`
 */
export function settingsOf(call: LanguageModelV3CallOptions): {
  readonly options: GenerateOptions;
  readonly warnings: SharedV3Warning[];
} {
  const { maxOutputTokens, stopSequences, temperature, topP, topK, seed } = call;
  const { presencePenalty, frequencyPenalty } = call;
  const standard: GenerateOptions = {
    ...{ temperature, topP, topK, presencePenalty, frequencyPenalty, seed },
    maxTokens: maxOutputTokens,
    stop: stopSequences,
    responseFormat: formatOf(call),
  };
  const own = call.providerOptions?.kelvin ?? {};
  checkOptionNames(own, NAMES, 'providerOptions.kelvin option');
  const options: Record<string, unknown> = { ...standard };
  for (const [name, value] of Object.entries(own)) {
    if (options[name] !== undefined && value !== undefined)
      throw new KelvinError(
        'INVALID_OPTION',
        `${name} must be set once, by the call or in providerOptions.kelvin, got ${show(options[name])} and ${show(value)}`,
      );
    options[name] ??= value;
  }
  return { options, warnings: warningsOf(call) };
}

/** A name and a description are for models that are told of the schema. */
function formatOf({ responseFormat }: LanguageModelV3CallOptions): ResponseFormat | undefined {
  if (responseFormat?.type !== 'json') return undefined;
  return { type: 'json', schema: responseFormat.schema };
}

function warningsOf({ tools, toolChoice }: LanguageModelV3CallOptions) {
  const warnings: SharedV3Warning[] = [];
  const unsupported = (feature: string, details: string) =>
    warnings.push({ type: 'unsupported', feature, details });
  if (tools?.length) unsupported('tools', 'the model is not told of them, and calls none');
  if (toolChoice && toolChoice.type !== 'auto' && toolChoice.type !== 'none')
    unsupported('toolChoice', 'the model calls no tools');
  return warnings;
}
