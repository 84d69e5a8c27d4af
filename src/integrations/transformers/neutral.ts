import { show } from '../../sampling/check.ts';
import { KelvinError, samplingOptions } from '../../sampling/index.ts';

/**
 * Has transformers.js take what is left, and leave alone what kelvin does, whatever the model's own
 * configuration asks for: that reaches kelvin's options.
 */
export const NEUTRAL = {
  do_sample: false,
  num_beams: 1,
  num_return_sequences: 1,
  temperature: 1,
  repetition_penalty: 1,
  no_repeat_ngram_size: 0,
  bad_words_ids: null,
  suppress_tokens: null,
  min_new_tokens: null,
} as const;

const snake = (name: string) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** What transformers.js knows by name and does not do, 2.17 as 4.3. */
const IDLE = [
  ...['num_beam_groups', 'diversity_penalty', 'length_penalty', 'early_stopping'],
  ...['renormalize_logits', 'remove_invalid_values', 'exponential_decay_length_penalty'],
  ...['force_words_ids', 'constraints', 'sequence_bias', 'max_time', 'stop_strings'],
  ...['encoder_repetition_penalty', 'encoder_no_repeat_ngram_size'],
];

/** Fields of a request that would not act, and why or what to say instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    Object.keys(samplingOptions).map((name) => [snake(name), `${name} among kelvin's options`]),
  ),
  ...Object.fromEntries(IDLE.map((name) => [name, 'transformers.js ignores it'])),
  do_sample: "temperature 0 among kelvin's options takes the likeliest token",
  bad_words_ids: "badWords among kelvin's options",
  suppress_tokens: "bannedTokens among kelvin's options",
  eos_token_id: "endTokens among kelvin's options",
  num_beams: 'kelvin draws one text of each prompt',
  num_return_sequences: 'kelvin draws one text of each prompt',
  penalty_alpha: 'kelvin does no contrastive search',
  generation_config: 'its fields by themselves',
};

/**
 * Refuses fields that would not act beside kelvin.
 *
 * @throws KelvinError `INVALID_OPTION` naming the field and what to say instead
 */
export function checkRequest(request: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(request))
    if (Object.hasOwn(INSTEAD, name) && value != null)
      throw new KelvinError(
        'INVALID_OPTION',
        `${name} must be absent here (${INSTEAD[name]}), got ${show(value)}`,
      );
}
