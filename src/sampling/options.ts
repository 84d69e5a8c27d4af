import { checkTogether } from './conflicts.ts';
import { integerOption, type OptionRow } from './option.ts';
import { checkOptionNames } from './option-names.ts';
import { chainOf, type Order, orderInterval, parseOrder } from './order.ts';
import { type StageOptions, stages } from './stages.ts';

/** All sampling options, checked, with defaults filled in. */
export interface EffectiveOptions extends StageOptions {
  /**
   * The order of the chain. Default `'temperature-first'`: edits, temperature, then the filters,
   * as Hugging Face and vLLM. `'temperature-last'`: filters judge the untempered distribution, in
   * llama.cpp's order (top-n-sigma, top-k, typical-p, top-p, min-p, ...); mlx-lm's temperature is
   * last too. Or a list of stage names. `describe()` tells the whole chain.
   *
   * A stage a list leaves out does not run; leaving out one whose option is set is refused, as
   * are unknown names, duplicates, and a stage that edits logits behind one that cuts.
   */
  order: Order;
  /**
   * Same seed, logits and options give the same tokens on every machine. Any safe integer,
   * negative ones included; when absent a random one is chosen and reported as `sampler.seed`.
   */
  seed: number | undefined;
}

/**
 * What a sampler can be told; every option may be absent or undefined, which means its default.
 * An unknown name or a value out of range is an error, never ignored. Inherited options and those
 * of getters count.
 *
 * @example
 * import { Sampler } from 'kelvin/sampling';
 * new Sampler({ topK: 40, temperature: 0.7 }).options.topK; // => 40
 */
export interface SamplingOptions extends Partial<Omit<EffectiveOptions, 'logitBias'>> {
  /** Added to the logits of token ids; −Infinity bans. See {@link EffectiveOptions.logitBias}. */
  logitBias?: StageOptions['logitBias'] | ReadonlyMap<number, number>;
}

/**
 * Every option as data: kind, one-line summary, allowed values in words, default, and its parser.
 * A command line can make its flags and its help from this.
 *
 * @example
 * import { samplingOptions } from 'kelvin/sampling';
 * samplingOptions.topP.interval; // => 'a number in [0, 1]'
 * samplingOptions.topP.default; // => 1
 */
export const samplingOptions = Object.freeze({
  ...Object.assign({}, ...stages.map((stage) => stage.options)),
  minTokensToKeep: integerOption({
    min: 1,
    default: 1,
    summary: 'the fewest tokens a filter may leave',
  }),
  order: {
    kind: 'order',
    summary: 'the order of the chain',
    interval: orderInterval,
    default: 'temperature-first',
    parse: parseOrder,
  },
  seed: integerOption({ default: undefined, summary: 'same seed, same tokens (default: random)' }),
}) as Readonly<Record<keyof SamplingOptions, OptionRow>>;

/**
 * Checks options and fills in defaults.
 *
 * @returns a new frozen object with every option present; `seed` is undefined if it was absent
 * @throws KelvinError UNKNOWN_OPTION for a name that is no option (with the nearest one that is),
 *   INVALID_OPTION for a value out of range (name, allowed values, value received), for an input
 *   that is no object of names and values (a Map, a Date, an array), for an `order` that leaves out
 *   a stage that is set, and for options that cannot act together or without another
 * @example
 * import { parseSamplingOptions } from 'kelvin/sampling';
 * parseSamplingOptions({ topK: 40 }).temperature; // => 1
 */
export function parseSamplingOptions(input: SamplingOptions = {}): Readonly<EffectiveOptions> {
  checkOptionNames(input, Object.keys(samplingOptions), 'sampling option');
  const effective = Object.fromEntries(
    Object.entries(samplingOptions).map(([name, row]) => {
      const value = input[name as keyof SamplingOptions];
      return [name, value === undefined ? row.default : row.parse(value, name)];
    }),
  ) as unknown as EffectiveOptions;
  checkTogether(effective);
  chainOf(effective);
  return Object.freeze(effective);
}
