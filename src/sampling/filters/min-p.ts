import { largestFirst } from '../descending.ts';
import { numberOption, type OptionRow } from '../option.ts';
import type { Filter } from '../stage.ts';
import { positionsWhere } from '../weighed.ts';

/** The option of min-p. */
export interface MinPOptions {
  /**
   * Keep tokens at least m times as likely as the most likely one: p ≥ m · p_max. 0 turns it
   * off, 1 keeps the most likely token and its equals. In [0, 1], default 0.
   *
   * The same set as x ≥ x_max + ln m in logits, the form of llama.cpp, mlx-lm and koboldcpp.
   */
  minP: number;
}

/** Min-p (Nguyen et al. 2024, arXiv:2407.01082). */
export const minP: Filter<MinPOptions> = {
  name: 'minP',
  kind: 'filter',
  options: {
    minP: numberOption({
      min: 0,
      max: 1,
      default: 0,
      summary: 'keep tokens at least this fraction as likely as the top one (0 = off)',
    }),
  } satisfies Record<keyof MinPOptions, OptionRow>,
  active: ({ minP }) => minP > 0,
  keep({ scores, weights }, { minP, minTokensToKeep }) {
    let top = 0;
    for (const weight of weights) if (weight > top) top = weight;
    const kept = positionsWhere(weights.length, (at) => weights[at] >= minP * top);
    return kept.length >= minTokensToKeep
      ? kept
      : largestFirst(scores).take(minTokensToKeep).sort();
  },
};
