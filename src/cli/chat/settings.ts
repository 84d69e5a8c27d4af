import {
  type GenerateOptions,
  maxTokensOption,
  topOption,
} from '../../generation/generate-options.ts';
import { resolveSettings } from '../../generation/settings.ts';
import type { Settings } from '../../generation/step.ts';
import type { ModelInfo } from '../../model/info.ts';
import { KelvinError } from '../../sampling/error.ts';
import { nearest } from '../../sampling/nearest.ts';
import type { OptionRow } from '../../sampling/option.ts';
import { samplingOptions } from '../../sampling/options.ts';
import { Sampler } from '../../sampling/sampler.ts';
import { type FlagRow, flagOf, isFlag } from '../flag.ts';
import { flagMessage } from '../flag-message.ts';
import { kebab } from '../kebab.ts';
import { UsageError } from '../usage-error.ts';

/** How many candidates of each token are kept for `/probs`, where nothing else is asked for. */
const CANDIDATES = 4;

/** What answers are sampled with, and how to change it between them. */
export class ChatSettings {
  readonly #model: ModelInfo;
  #given: GenerateOptions;

  /** @throws KelvinError as `generate` */
  constructor(given: GenerateOptions, model: ModelInfo) {
    this.#model = model;
    this.#given = given;
    checkSettings(given, model);
  }

  /** Options for `generate`. */
  get options(): GenerateOptions {
    return { top: CANDIDATES, ...this.#given };
  }

  /** Every effective setting with its origin. */
  get effective(): Settings {
    const { settings } = resolveSettings('', this.#given, this.#model);
    const { seed, top } = settings;
    return {
      ...settings,
      // Each answer has one of its own.
      ...(seed?.origin === 'built-in' && { seed: { ...seed, value: 'random' } }),
      ...(top?.origin === 'built-in' && { top: { ...top, value: CANDIDATES } }),
    };
  }

  /**
   * Sets an option, or with `default` leaves it to the model and to kelvin.
   *
   * @param name as a flag or as the library writes it: `top-p`, `topP`
   * @returns the option's name in the library
   * @throws UsageError, KelvinError; nothing is changed then
   */
  set(name: string, value: string): keyof GenerateOptions {
    const option = optionOf(name);
    const { [option]: _, ...others } = this.#given;
    const next =
      value === 'default'
        ? others
        : { ...others, [option]: withoutDashes(() => read(option, value)) };
    withoutDashes(() => checkSettings(next, this.#model));
    this.#given = next;
    return option;
  }
}

type Settable = Exclude<keyof GenerateOptions, 'responseFormat' | 'rawTop' | 'signal' | 'progress'>;
const ROWS: Readonly<Record<string, OptionRow>> = {
  ...samplingOptions,
  maxTokens: maxTokensOption,
  top: topOption,
};
// Flags whose names are not the library's.
const ALIASES = new Map<string, Settable>([
  ['temp', 'temperature'],
  ['logprobs', 'top'],
]);

function checkSettings(options: GenerateOptions, model: ModelInfo): void {
  const { sampling } = resolveSettings('', options, model);
  // Which tokens there are is known only to a row of logits.
  new Sampler(sampling).probabilities(new Float32Array(model.vocabularySize));
}

/** The names that can be set, as flags are written. */
export const settable: readonly string[] = [
  ...Object.entries(ROWS).flatMap(([name, row]) => (isFlag(row) ? [kebab(name)] : [])),
  'stop',
].sort();

function optionOf(name: string): Settable {
  const plain = kebab(ALIASES.get(name) ?? name);
  if (!settable.includes(plain))
    throw new UsageError(`unknown setting ${JSON.stringify(name)}${nearest(name, settable)}`);
  return plain.replace(/-(\w)/g, (_, letter) => letter.toUpperCase()) as Settable;
}

function read(option: Settable, value: string): unknown {
  if (option === 'stop') return /^["[]/.test(value) ? json(value) : value;
  return flagOf(`--${kebab(option)}`, ROWS[option] as FlagRow).parseArg?.(value, undefined);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError(`stop must be a text or JSON, got ${JSON.stringify(text)}`);
  }
}

// What is refused is told in the words of flags, but that none was typed.
function withoutDashes<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof KelvinError || cause instanceof UsageError)) throw cause;
    throw new UsageError(flagMessage(cause.message).replace(/^--/, ''), { cause });
  }
}
