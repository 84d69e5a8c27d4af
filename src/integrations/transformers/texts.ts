import { topOption } from '../../generation/generate-options.ts';
import { resolveSampling } from '../../generation/settings.ts';
import { endTokens } from '../../model/config-facts.ts';
import { KelvinError, type SamplingOptions } from '../../sampling/index.ts';
import { invalidOption } from '../../sampling/option.ts';
import { Text } from './text.ts';
import type { Inner, TransformersModel } from './transformers-model.ts';

/** Any sampling option, and what to tell of each token. */
export interface TransformersOptions extends SamplingOptions {
  /**
   * Of a batch the first text has this seed, each other the next one. A random one, which the text
   * tells, if absent.
   */
  seed?: number;
  /** How many of the likeliest tokens each step tells of; integer ≥ 0, 0 if absent. */
  top?: number;
}

/** The texts of one batch; there are none before their number is known. */
export class Texts {
  readonly list: Text[] = [];
  /** What transformers.js is to take for the end of a text, where kelvin knows. */
  readonly endTokens: readonly number[] | null | undefined;
  readonly #options: SamplingOptions & { seed: number };
  readonly #top: number;

  /** @throws KelvinError as `generate` of kelvin: the model's own configuration counts here too */
  constructor(model: TransformersModel, options: TransformersOptions) {
    const { config, generation_config } = inner(model);
    const { top = topOption.default, constraint, ...given } = options;
    const generation = generation_config ?? {};
    const path = String(config?._name_or_path ?? 'the model');
    const told = { path, generation, endTokens: endTokens(config ?? {}, generation) };
    const checked = resolveSampling(given, told);
    this.#top = topOption.parse(top, 'top');
    this.#options = { ...checked, constraint };
    const none = given.endTokens === undefined ? undefined : null;
    this.endTokens = checked.endTokens.length > 0 ? [...checked.endTokens] : none;
  }

  /** @throws KelvinError `INVALID_OPTION` for a constraint and several texts */
  open(count: number): void {
    const { constraint, seed } = this.#options;
    if (constraint && count > 1)
      throw new KelvinError(
        'INVALID_OPTION',
        `constraint must be absent for a batch, as each text needs one of its own, got ${count} texts`,
      );
    for (let i = 0; i < count; i++)
      this.list.push(new Text({ ...this.#options, seed: seed + i }, this.#top));
  }
}

/** @throws KelvinError `INVALID_OPTION` for anything but a model that generates */
export function inner(model: TransformersModel): Inner {
  const given = model as (TransformersModel & Inner) | null | undefined;
  if (typeof given?.generate !== 'function' || !(given.sessions ?? given.session))
    throw invalidOption('model', 'a loaded model of transformers.js that can generate', model);
  return given;
}
