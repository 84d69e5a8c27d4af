import type { Interval } from './bootstrap.ts';
import type { Reliability } from './reliability.ts';

/** How well a temperature explains a text. */
export interface Fit extends Reliability {
  /** Mean negative log-likelihood under softmax(z/τ), in nats per token. */
  readonly loss: number;
}

/** The temperature that explains a text best, beside 1. */
export interface CalibrationResult {
  /**
   * In [0, Infinity]: 0 where the text is always the likeliest token, so that colder is always
   * better; Infinity where its tokens are no likelier than the others. 1 where all logits are
   * equal and no temperature changes anything.
   */
  readonly temperature: number;
  /**
   * Where it lies with 95 % confidence, by the bootstrap of runs of √n tokens; undefined where there
   * are fewer than 10, or no least loss. Too narrow for fewer than about 50 tokens.
   */
  readonly interval: Omit<Interval, 'mean'> | undefined;
  /** d loss / d ln τ that is left: 0 up to rounding. */
  readonly slope: number;
  readonly before: Fit;
  /** At the temperature; at 0 the limit of ever colder ones, where equals share. */
  readonly after: Fit;
}
