import { exp } from './exp.ts';
import { log } from './log.ts';
import { numberOption, type OptionRow, recordOption } from './option.ts';
import type { Reweigh } from './stage.ts';

/** What dynamic temperature needs. */
export interface DynamicTemperature {
  /** How far τ may move from `temperature`, to both sides but not below 0. ≥ 0. */
  readonly range: number;
  /** Bends the way from the lowest to the highest τ. Above 0, default 1. */
  readonly exponent?: number;
}

/** The options of the temperature stage. */
export interface TemperatureOptions {
  /**
   * τ: logits are divided by it. 0 leaves only the token with the largest logit (the first of
   * equals), 1 is the model's own distribution, Infinity makes every kept token equally likely.
   * In [0, Infinity], default 1.
   *
   * 0 means the argmax, as in llama.cpp, vLLM and mlx-lm; Hugging Face refuses it. Here the
   * stages before it still act at 0, as in llama.cpp; those after it find a single token and do
   * nothing, and `describe()` calls them inactive. By default that is every filter.
   */
  temperature: number;
  /**
   * Lets τ follow the entropy H of the tokens the stage finds, n of them: τ_min + (τ_max − τ_min) ·
   * (H / ln n)^exponent with τ_min = max(0, temperature − range) and τ_max = temperature + range.
   * Off when absent; not with temperature Infinity. As llama.cpp's and koboldcpp's.
   */
  dynamicTemperature: DynamicTemperature | undefined;
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
    dynamicTemperature: recordOption({
      members: {
        range: numberOption({
          min: 0,
          max: Infinity,
          openMax: true,
          default: undefined,
          summary: 'how far the temperature may move',
        }),
        exponent: numberOption({
          min: 0,
          max: Infinity,
          open: true,
          default: 1,
          summary: 'bends the way from lowest to highest',
        }),
      },
      summary: 'let the temperature follow the entropy',
    }),
  } satisfies Record<keyof TemperatureOptions, OptionRow>,
  active: ({ temperature, dynamicTemperature }) =>
    temperature !== 1 || (dynamicTemperature !== undefined && dynamicTemperature.range > 0),
  leavesOne: ({ temperature, dynamicTemperature }) =>
    temperature === 0 && (dynamicTemperature === undefined || dynamicTemperature.range === 0),
  temperature(kept, { temperature, dynamicTemperature }) {
    if (dynamicTemperature === undefined) return temperature;
    const { range, exponent } = dynamicTemperature as Required<DynamicTemperature>;
    const lowest = Math.max(0, temperature - range);
    const evenness = kept.count > 1 ? Math.min(1, kept.entropy / log(kept.count)) : 0;
    const bent = evenness > 0 ? exp(exponent * log(evenness)) : 0;
    // Without evenness it is the lowest, were the highest infinite.
    return bent === 0 ? lowest : lowest + (temperature + range - lowest) * bent;
  },
};
