import { numberOption, type OptionRow } from '../option.ts';
import type { Filter } from '../stage.ts';

/** The option of top-h. */
export interface TopHOptions {
  /**
   * Keep the most likely tokens as long as their −p ln p sum to at most h times the entropy: the
   * token that crosses it goes. Above 0; 1 and more keep everything, so that the stage is then
   * inactive; off when absent.
   *
   * Judged on what the stages before it left, renormalised, at the temperature of its place in the
   * chain. Hugging Face and the authors' code look at the 100 most likely tokens alone and
   * renormalise them, for the entropy and for each −p ln p, so that they never keep more; here there
   * is no such limit.
   */
  topH: number | undefined;
}

/** Top-H, entropy-bounded sampling (Baghaei Potraghloo et al. 2025, arXiv:2509.02510). */
export const topH: Filter<TopHOptions> = {
  name: 'topH',
  kind: 'filter',
  options: {
    topH: numberOption({
      min: 0,
      max: Infinity,
      open: true,
      default: undefined,
      summary: 'keep top tokens up to this share of the entropy',
    }),
  } satisfies Record<keyof TopHOptions, OptionRow>,
  // At h ≥ 1 rounding alone could cut the last token.
  active: ({ topH }) => topH !== undefined && topH < 1,
  limit: ({ entropy }, { topH }) => ({ kind: 'entropy', entropy: topH! * entropy }),
};
