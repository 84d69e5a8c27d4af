import { settled } from '../limit.ts';
import { log } from '../log.ts';
import { numberOption, type OptionRow } from '../option.ts';
import type { Filter } from '../stage.ts';

/** The option of top-a. */
export interface TopAOptions {
  /**
   * Keep tokens with p ≥ a · p_max²: strict where the model is sure, loose where it is not. Above
   * 0; off when absent. As in koboldcpp and text-generation-webui.
   *
   * Judged on what the stages before it left, renormalised, at the temperature of its place in the
   * chain.
   */
  topA: number | undefined;
}

/** Top-a (BlinkDL 2022, RWKV-LM). */
export const topA: Filter<TopAOptions> = {
  name: 'topA',
  kind: 'filter',
  options: {
    topA: numberOption({
      min: 0,
      max: Infinity,
      open: true,
      default: undefined,
      summary: 'keep tokens at least this times as likely as the square of the top probability',
    }),
  } satisfies Record<keyof TopAOptions, OptionRow>,
  active: ({ topA }) => topA !== undefined,
  limit: ({ topSurprisal }, { topA }) => ({
    kind: 'exponent',
    exponent: settled(log(topA!) - topSurprisal),
  }),
};
