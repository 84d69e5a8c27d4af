import type { GenerationConfig, ModelConfig } from './config.ts';

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
