import { settled } from '../limit.ts';
import { log } from '../log.ts';
import { numberOption, type OptionRow } from '../option.ts';
import type { Filter } from '../stage.ts';

/** The option of eta sampling. */
export interface EtaCutoffOptions {
  /**
   * Keep tokens with p ≥ min(ε, √ε · e^−H), H the entropy in nats: a floor that sinks where the
   * model is unsure. 0 turns it off. In [0, 1), default 0. As in Hugging Face.
   *
   * Judged on what the stages before it left, renormalised, at the temperature of its place in the
   * chain.
   */
  etaCutoff: number;
}

/** Eta sampling (Hewitt, Manning, Liang 2022, arXiv:2210.15191). */
export const etaCutoff: Filter<EtaCutoffOptions> = {
  name: 'etaCutoff',
  kind: 'filter',
  options: {
    etaCutoff: numberOption({
      min: 0,
      max: 1,
      openMax: true,
      default: 0,
      summary: 'keep tokens at least this likely, or less where entropy is high (0 = off)',
    }),
  } satisfies Record<keyof EtaCutoffOptions, OptionRow>,
  active: ({ etaCutoff }) => etaCutoff > 0,
  limit({ entropy, topSurprisal }, { etaCutoff }) {
    const logEpsilon = log(etaCutoff);
    return {
      kind: 'exponent',
      exponent: settled(Math.min(logEpsilon, logEpsilon / 2 - entropy) + topSurprisal),
    };
  },
};
