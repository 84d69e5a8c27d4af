import { settled } from '../limit.ts';
import { log } from '../log.ts';
import { numberOption, type OptionRow } from '../option.ts';
import type { Filter } from '../stage.ts';

/** The option of epsilon sampling. */
export interface EpsilonCutoffOptions {
  /**
   * Keep tokens with p ≥ ε; where there are none, the most likely. 0 turns it off. In [0, 1),
   * default 0. As in Hugging Face.
   *
   * Judged on what the stages before it left, renormalised, at the temperature of its place in the
   * chain.
   */
  epsilonCutoff: number;
}

/** Epsilon sampling (Hewitt, Manning, Liang 2022, arXiv:2210.15191). */
export const epsilonCutoff: Filter<EpsilonCutoffOptions> = {
  name: 'epsilonCutoff',
  kind: 'filter',
  options: {
    epsilonCutoff: numberOption({
      min: 0,
      max: 1,
      openMax: true,
      default: 0,
      summary: 'keep tokens at least this likely (0 = off)',
    }),
  } satisfies Record<keyof EpsilonCutoffOptions, OptionRow>,
  active: ({ epsilonCutoff }) => epsilonCutoff > 0,
  limit: ({ topSurprisal }, { epsilonCutoff }) => ({
    kind: 'exponent',
    exponent: settled(log(epsilonCutoff) + topSurprisal),
  }),
};
