import { numberOption, type OptionRow } from '../option.ts';
import type { Filter } from '../stage.ts';

/** The option of locally typical sampling. */
export interface TypicalPOptions {
  /**
   * Keep the tokens whose surprisal −ln p is closest to the entropy, until their probabilities
   * reach this together; the token that crosses it stays. 1 turns it off. In (0, 1], default 1.
   *
   * Judged on what the stages before it left, renormalised, at the temperature of its place in the
   * chain. Of two equally close ones the likelier comes first, then the lowest id, and no more are kept
   * than needed, as in llama.cpp; Hugging Face keeps all that are as close as the last.
   */
  typicalP: number;
}

/** Locally typical sampling (Meister et al. 2022, arXiv:2202.00666). */
export const typicalP: Filter<TypicalPOptions> = {
  name: 'typicalP',
  kind: 'filter',
  options: {
    typicalP: numberOption({
      min: 0,
      max: 1,
      openMin: true,
      default: 1,
      summary: 'keep tokens about as surprising as expected, with this much probability (1 = off)',
    }),
  } satisfies Record<keyof TypicalPOptions, OptionRow>,
  active: ({ typicalP }) => typicalP < 1,
  limit: ({ entropy }, { typicalP }) => ({ kind: 'near', surprisal: entropy, mass: typicalP }),
};
