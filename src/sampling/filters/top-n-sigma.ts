import { numberOption, type OptionRow } from '../option.ts';
import type { Filter } from '../stage.ts';

/** The option of top-n-sigma. */
export interface TopNSigmaOptions {
  /**
   * Keep tokens whose logit is at most n standard deviations below the largest. Above 0; off when
   * absent.
   *
   * σ is the population deviation of the edited logits that are left, as in llama.cpp;
   * text-generation-webui divides by n − 1 and counts banned tokens as 0. Temperature does not
   * change the set, wherever it stands.
   */
  topNSigma: number | undefined;
}

/** Top-nσ (Tang et al. 2024, "Not all logits are you need", arXiv:2411.07641). */
export const topNSigma: Filter<TopNSigmaOptions> = {
  name: 'topNSigma',
  kind: 'filter',
  options: {
    topNSigma: numberOption({
      min: 0,
      max: Infinity,
      open: true,
      default: undefined,
      summary: 'keep tokens within this many standard deviations of the largest logit',
    }),
  } satisfies Record<keyof TopNSigmaOptions, OptionRow>,
  active: ({ topNSigma }) => topNSigma !== undefined,
  limit: ({ deviation }, { topNSigma }) => ({ kind: 'distance', distance: topNSigma! * deviation }),
};
