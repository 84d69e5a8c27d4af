import { integerOption, type OptionRow } from '../option.ts';
import type { Filter } from '../stage.ts';

/** The option of top-k. */
export interface TopKOptions {
  /**
   * Keep the k tokens with the largest logits; 0 turns it off. An integer ≥ 0, default 0.
   *
   * Exactly k stay: among equals at the edge the lowest ids. llama.cpp, mlx-lm and candle also
   * keep exactly k but leave open which; Hugging Face and vLLM keep every tied token.
   */
  topK: number;
}

/** Top-k (Fan et al. 2018, "Hierarchical neural story generation", arXiv:1805.04833). */
export const topK: Filter<TopKOptions> = {
  name: 'topK',
  kind: 'filter',
  options: {
    topK: integerOption({ min: 0, default: 0, summary: 'keep the k most likely tokens (0 = off)' }),
  } satisfies Record<keyof TopKOptions, OptionRow>,
  active: ({ topK }) => topK > 0,
  limit: (_kept, { topK }) => ({ kind: 'count', count: topK }),
};
