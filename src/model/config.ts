import { z } from 'zod';

const natural = z.number().int().nonnegative();
const tokenIds = z.union([natural, z.array(natural)]).nullish();
const count = z.number().int().positive();

/** The fields of `config.json` kelvin reads; exporters name the context length in many ways. */
export const ModelConfig = z.object({
  model_type: z.string().optional(),
  vocab_size: count.optional(),
  max_position_embeddings: count.optional(),
  n_positions: count.optional(),
  n_ctx: count.optional(),
  seq_length: count.optional(),
  num_hidden_layers: count.optional(),
  num_attention_heads: count.optional(),
  num_key_value_heads: count.optional(),
  hidden_size: count.optional(),
  head_dim: count.nullish(),
  bos_token_id: tokenIds,
  eos_token_id: tokenIds,
});
export type ModelConfig = z.infer<typeof ModelConfig>;

/** All of `generation_config.json`; what its other fields mean is not this layer's business. */
export const GenerationConfig = z.looseObject({
  bos_token_id: tokenIds,
  eos_token_id: tokenIds,
});
export type GenerationConfig = z.infer<typeof GenerationConfig>;

/** The longest sequence the model was made for, or undefined where its config does not say. */
export function contextLength(config: ModelConfig): number | undefined {
  return config.max_position_embeddings ?? config.n_positions ?? config.n_ctx ?? config.seq_length;
}

/** Every token that ends a text: `generation_config.json` where it says, else `config.json`. */
export function endTokens(config: ModelConfig, generation: GenerationConfig): number[] {
  return [generation.eos_token_id ?? config.eos_token_id ?? []].flat();
}

/** The token an empty prompt starts from; models without one start from their first end token. */
export function beginToken(config: ModelConfig, generation: GenerationConfig): number | undefined {
  return [generation.bos_token_id ?? config.bos_token_id ?? [], endTokens(config, generation)].flat(
    2,
  )[0];
}
