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
