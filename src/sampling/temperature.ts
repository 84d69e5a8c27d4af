import { largestFirst } from './descending.ts';
import { numberOption, type OptionRow } from './option.ts';
import type { Reweigh } from './stage.ts';
import { weigh } from './weighed.ts';

/** The option of the temperature stage. */
export interface TemperatureOptions {
  /**
   * τ: logits are divided by it. 0 leaves only the token with the largest logit (the first of
   * equals), 1 is the model's own distribution, Infinity makes every kept token equally likely.
   * In [0, Infinity], default 1.
   *
   * 0 means the argmax, as in llama.cpp, vLLM and mlx-lm; Hugging Face refuses it. Here the
   * stages before it still act at 0, as in llama.cpp.
   */
  temperature: number;
}

/**
 * Divides logits by τ. At 0 every other token is cut by `temperature`; at Infinity all become
 * equally likely, but keep their order, so that filters after it keep the same tokens as at any
 * very large τ.
 */
export const temperature: Reweigh<TemperatureOptions> = {
  name: 'temperature',
  kind: 'reweigh',
  options: {
    temperature: numberOption({
      min: 0,
      max: Infinity,
      default: 1,
      summary: 'divide logits by it (0 = always the top token, Infinity = all equally likely)',
    }),
  } satisfies Record<keyof TemperatureOptions, OptionRow>,
  active: ({ temperature }) => temperature !== 1,
  reweigh({ ids, scores }, { temperature }) {
    if (temperature === 0) {
      const first = largestFirst(scores).next()!;
      return weigh(ids.slice(first, first + 1), scores.slice(first, first + 1), 1);
    }
    if (temperature < Infinity) return weigh(ids, scores, temperature);
    return { ...weigh(ids, new Float64Array(ids.length), 1), scores };
  },
};
