import { numberOption, type OptionRow } from '../option.ts';
import type { Filter } from '../stage.ts';

/** The option of top-p. */
export interface TopPOptions {
  /**
   * Keep the smallest set of most likely tokens whose probabilities reach p together; the token
   * that crosses p stays. 1 turns it off, 0 keeps the top token only. In [0, 1], default 1.
   *
   * Judged on what the filters before it left, renormalised, as in llama.cpp, Hugging Face and
   * vLLM (candle and flashinfer's "joint" mode judge on the original probabilities). Among
   * equals at the edge the lowest ids stay.
   */
  topP: number;
}

/** Nucleus sampling (Holtzman et al. 2019, arXiv:1904.09751). */
export const topP: Filter<TopPOptions> = {
  name: 'topP',
  kind: 'filter',
  options: {
    topP: numberOption({
      min: 0,
      max: 1,
      default: 1,
      summary: 'keep the smallest set of top tokens with this much probability (1 = off)',
    }),
  } satisfies Record<keyof TopPOptions, OptionRow>,
  active: ({ topP }) => topP < 1,
  limit: (_kept, { topP }) => ({ kind: 'mass', mass: topP }),
};
