import type {
  JSONObject,
  LanguageModelV3FinishReason,
  LanguageModelV3Usage,
  SharedV3ProviderMetadata,
} from '@ai-sdk/provider';
import { jsonText } from '../../generation/json-text.ts';
import type { FinishReason, Step, Summary } from '../../generation/step.ts';

/**
 * What `providerMetadata.kelvin` tells of a text. It is JSON: an infinite number in it is the string
 * `"Infinity"` or `"-Infinity"`.
 */
export interface KelvinMetadata
  extends Pick<Summary, 'seed' | 'settings' | 'finishReason' | 'stop' | 'timings'> {
  /** Every token with its log probabilities; with candidates where `top` or `rawTop` asked. */
  readonly steps: readonly Step[];
}

const UNIFIED: Readonly<Record<FinishReason, LanguageModelV3FinishReason['unified']>> = {
  end: 'stop',
  stop: 'stop',
  length: 'length',
  context: 'length',
  // Without an error there was no signal: somebody disposed of the model.
  abort: 'other',
};

/** Why a text ended, in the AI SDK's words and in kelvin's. */
export const finishReasonOf = ({ finishReason }: Summary): LanguageModelV3FinishReason => ({
  unified: UNIFIED[finishReason],
  raw: finishReason,
});

/** Tokens read and written; the token that ended the text counts. */
export const usageOf = ({ promptTokens, reusedTokens, tokens }: Summary): LanguageModelV3Usage => ({
  inputTokens: {
    total: promptTokens,
    noCache: promptTokens - reusedTokens,
    cacheRead: reusedTokens,
    cacheWrite: undefined,
  },
  outputTokens: { total: tokens, text: tokens, reasoning: 0 },
});

/** See {@link KelvinMetadata}. */
export function metadataOf(summary: Summary, steps: readonly Step[]): SharedV3ProviderMetadata {
  const { seed, settings, finishReason, stop, timings } = summary;
  const metadata: KelvinMetadata = {
    ...{ seed, settings, finishReason, timings, steps },
    ...(stop !== undefined && { stop }),
  };
  return { kelvin: JSON.parse(jsonText(metadata)) as JSONObject };
}
