import { join } from 'node:path';
import type { ModelInfo } from '../model/info.ts';
import { reason } from '../model/reason.ts';
import { KelvinError, samplingOptions } from '../sampling/index.ts';
import type { OptionRow } from '../sampling/option.ts';
import { type GenerateOptions, maxTokensOption } from './generate-options.ts';

type Told = Pick<ModelInfo, 'path' | 'generation'>;

// What kelvin honours of a model's generation_config.json: its name there and here.
const HONOURED: Readonly<Record<string, { name: keyof GenerateOptions; row: OptionRow }>> = {
  temperature: { name: 'temperature', row: samplingOptions.temperature },
  top_k: { name: 'topK', row: samplingOptions.topK },
  top_p: { name: 'topP', row: samplingOptions.topP },
  min_p: { name: 'minP', row: samplingOptions.minP },
  repetition_penalty: { name: 'repetitionPenalty', row: samplingOptions.repetitionPenalty },
  max_new_tokens: { name: 'maxTokens', row: maxTokensOption },
};
// Fields that say nothing about how to sample, or are read elsewhere.
const OTHERS = /^(do_sample|(bos|eos|pad)_token_id|_from_model_config|transformers_version)$/;

/**
 * The options a model's own `generation_config.json` asks for.
 *
 * @throws KelvinError `MODEL_FILE` naming the file, the field, the allowed values and the value
 */
export function modelDefaults({ path, generation }: Told): GenerateOptions {
  const asked = Object.entries(HONOURED).flatMap(([field, { name, row }]) => {
    const value = generation[field] ?? undefined;
    return value === undefined ? [] : [[name, parsed(path, field, row, value)]];
  });
  // "Do not sample" is temperature 0 by another name.
  if (generation.do_sample === false) asked.push(['temperature', 0]);
  return Object.fromEntries(asked);
}

/** The fields of `generation_config.json` that ask for something kelvin does not do. */
export function unhonoured({ generation }: Told): string[] {
  return Object.keys(generation).filter(
    (field) => !(field in HONOURED) && !OTHERS.test(field) && generation[field] != null,
  );
}

function parsed(path: string, field: string, row: OptionRow, value: unknown): unknown {
  try {
    return row.parse(value, field);
  } catch (cause) {
    const file = join(path, 'generation_config.json');
    throw new KelvinError('MODEL_FILE', `${file}: ${reason(cause)}`, { cause });
  }
}
