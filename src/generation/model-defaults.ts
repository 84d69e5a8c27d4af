import type { ModelInfo } from '../model/info.ts';
import { reason } from '../model/reason.ts';
import { KelvinError, samplingOptions } from '../sampling/index.ts';
import type { OptionRow } from '../sampling/option.ts';
import { type GenerateOptions, maxTokensOption } from './generate-options.ts';

/** What is asked of a model to know its defaults. */
export type Told = Pick<ModelInfo, 'path' | 'generation' | 'endTokens' | 'engine'>;

// What kelvin honours of a model's generation_config.json: its name there and here.
const HONOURED: Readonly<Record<string, { name: keyof GenerateOptions; row: OptionRow }>> = {
  temperature: { name: 'temperature', row: samplingOptions.temperature },
  top_k: { name: 'topK', row: samplingOptions.topK },
  top_p: { name: 'topP', row: samplingOptions.topP },
  min_p: { name: 'minP', row: samplingOptions.minP },
  typical_p: { name: 'typicalP', row: samplingOptions.typicalP },
  epsilon_cutoff: { name: 'epsilonCutoff', row: samplingOptions.epsilonCutoff },
  eta_cutoff: { name: 'etaCutoff', row: samplingOptions.etaCutoff },
  top_h: { name: 'topH', row: samplingOptions.topH },
  repetition_penalty: { name: 'repetitionPenalty', row: samplingOptions.repetitionPenalty },
  no_repeat_ngram_size: { name: 'noRepeatNgramSize', row: samplingOptions.noRepeatNgramSize },
  bad_words_ids: { name: 'badWords', row: samplingOptions.badWords },
  suppress_tokens: { name: 'bannedTokens', row: samplingOptions.bannedTokens },
  min_new_tokens: { name: 'minNewTokens', row: samplingOptions.minNewTokens },
  max_new_tokens: { name: 'maxTokens', row: maxTokensOption },
};
// Fields that say nothing about how to sample, or are read elsewhere.
const OTHERS = /^(do_sample|(bos|eos|pad)_token_id|_from_model_config|transformers_version)$/;

/**
 * The options a model's own `generation_config.json` asks for, and the tokens that end its texts.
 *
 * @throws KelvinError `MODEL_FILE` naming the file, the field, the allowed values and the value
 */
export function modelDefaults({ path, generation, endTokens }: Told): GenerateOptions {
  const asked = Object.entries(HONOURED).flatMap(([field, { name, row }]) => {
    const value = generation[field] ?? undefined;
    return value === undefined ? [] : [[name, parsed(path, field, row, value)]];
  });
  // "Do not sample" is temperature 0 by another name.
  if (generation.do_sample === false) asked.push(['temperature', 0]);
  if (endTokens.length > 0) asked.push(['endTokens', endTokens]);
  return Object.fromEntries(asked);
}

/** The fields of `generation_config.json` that ask for something kelvin does not do. */
export function unhonoured({ generation }: Pick<ModelInfo, 'generation'>): string[] {
  return Object.keys(generation).filter(
    (field) => !(field in HONOURED) && !OTHERS.test(field) && generation[field] != null,
  );
}

function parsed(path: string, field: string, row: OptionRow, value: unknown): unknown {
  try {
    return row.parse(value, field);
  } catch (cause) {
    // No join of node:path: this is also in browsers, beside transformers.js.
    const file = `${path}/generation_config.json`;
    throw new KelvinError('MODEL_FILE', `${file}: ${reason(cause)}`, { cause });
  }
}
