import { log } from '../log.ts';
import { numberOption, type OptionRow } from '../option.ts';
import type { Filter } from '../stage.ts';

/** The option of min-p. */
export interface MinPOptions {
  /**
   * Keep tokens at least m times as likely as the most likely one: p ≥ m · p_max. 0 turns it
   * off, 1 keeps the most likely token and its equals. In [0, 1], default 0.
   *
   * Judged on what the stages before it left, at the temperature of its place in the chain: the same
   * set as x ≥ x_max + τ ln m in logits, the form of llama.cpp, mlx-lm and koboldcpp.
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
  limit: (_kept, { minP }) => ({ kind: 'exponent', exponent: log(minP) }),
};
