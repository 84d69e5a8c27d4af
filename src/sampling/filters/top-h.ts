import { numberOption, type OptionRow } from '../option.ts';
import type { Filter } from '../stage.ts';

/** The option of top-h. */
export interface TopHOptions {
  /**
   * Keep the most likely tokens as long as their −p ln p sum to at most h times the entropy: the
   * token that crosses it goes. Above 0, 1 and more keep everything; off when absent.
   *
   * As in Hugging Face, which never keeps more than 100 tokens; here there is no such limit.
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
  active: ({ topH }) => topH !== undefined,
  limit: ({ entropy }, { topH }) =>
    // At h ≥ 1 rounding alone could cut the last token.
    topH! < 1 ? { kind: 'entropy', entropy: topH! * entropy } : undefined,
};
