import type { Loop } from './loop.ts';

/** What a text shows of itself. Means are undefined where there is nothing to take one of. */
export interface TextReadout {
  /** How many tokens the readout is of. */
  readonly tokens: number;
  /** Mean −ln p(token), in nats. */
  readonly surprisal: number | undefined;
  /** e^surprisal. */
  readonly perplexity: number | undefined;
  /** Mean ln p(token), in nats: coherence in the model's own eyes, as Su & Xu 2022 measure it. */
  readonly coherence: number | undefined;
  /** Different n-grams / all n-grams (Li et al. 2016); 1 where the text is too short for any. */
  readonly distinct: Readonly<Record<1 | 2 | 3 | 4, number>>;
  /** rep-n = 1 − distinct-n (Welleck et al. 2020). */
  readonly repetition: Readonly<Record<2 | 3 | 4, number>>;
  /** Π (1 − rep-n) over n = 2, 3, 4 (Su et al. 2022), in [0, 1]. */
  readonly diversity: number;
  /** Where the end of the text repeats itself: by the rule of Holtzman et al. 2019. */
  readonly loop: Loop | undefined;
  /** Mean H(p) and Var_p(ln p) of the tokens that came with them. */
  readonly entropy: number | undefined;
  readonly varentropy: number | undefined;
  /**
   * Mean |surprisal − entropy| in nats: how far from what was to be expected the tokens are, the
   * distance by which locally typical sampling chooses (Meister et al. 2023).
   */
  readonly typicality: number | undefined;
}
