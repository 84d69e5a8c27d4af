import { settled } from '../limit.ts';
import { log } from '../log.ts';
import { numberOption, type OptionRow, recordOption } from '../option.ts';
import type { Filter } from '../stage.ts';

/** What XTC needs. */
export interface Xtc {
  /** How often it acts: on a step whose luck is below it. In [0, 1]; 0 turns it off. */
  readonly probability: number;
  /** What counts as a top choice: p ≥ threshold. In [0, 0.5], default 0.1. */
  readonly threshold?: number;
}

/** The option of XTC. */
export interface XtcOptions {
  /**
   * "Exclude top choices": with this probability, where at least two tokens have p ≥ threshold,
   * all of those but the least likely are removed. Off when absent.
   *
   * It does nothing where it would leave fewer than minTokensToKeep. Its luck is a random stream of
   * its own, so that whether it acts does not change the token drawn where it does not. As in
   * llama.cpp; mlx-lm keeps all that equal the least likely one.
   */
  xtc: Xtc | undefined;
}

/** The random stream that decides whether XTC acts; 0 draws the token. */
const STREAM = 1;

/** XTC (p-e-w 2024, text-generation-webui pull request 6335). */
export const xtc: Filter<XtcOptions> = {
  name: 'xtc',
  kind: 'filter',
  options: {
    xtc: recordOption({
      members: {
        probability: numberOption({
          min: 0,
          max: 1,
          default: undefined,
          summary: 'how often it acts',
        }),
        threshold: numberOption({
          min: 0,
          max: 0.5,
          default: 0.1,
          summary: 'the probability that makes a top choice',
        }),
      },
      summary: 'sometimes exclude all top choices but the least likely of them',
    }),
  } satisfies Record<keyof XtcOptions, OptionRow>,
  active: ({ xtc }) => xtc !== undefined && xtc.probability > 0,
  limit({ topSurprisal }, options, luck) {
    const { probability, threshold } = options.xtc as Required<Xtc>;
    if (luck.uniform(STREAM) >= probability) return undefined;
    return { kind: 'below', exponent: settled(log(threshold) + topSurprisal) };
  },
};
