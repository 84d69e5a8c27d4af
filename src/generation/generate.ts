import type { Model } from './model.ts';
import { type GenerateOptions, resolveSettings } from './settings.ts';
import type { Step, Summary } from './step.ts';

/**
 * Writes text: an iterable of steps, one per token, as the model makes them. Leaving the loop
 * early stops the model.
 *
 * @param prompt a text to go on from, or token ids; '' starts a new text
 * @param options any sampling option, and `maxTokens`, `stop`, `top`, `signal`; what is absent
 *   comes from the model's own `generation_config.json`, then from kelvin's defaults
 * @throws KelvinError at once for an unknown option or a value outside its range; while iterating,
 *   for a prompt the model cannot take
 * @example
 * const model = await loadModel();
 * const generation = generate(model, 'Once upon a time', { temperature: 0, maxTokens: 3 });
 * for await (const step of generation) step.text;
 * (await generation.result()).tokens; // => 3
 */
export function generate(
  model: Model,
  prompt: string | readonly number[],
  options: GenerateOptions = {},
): Generation {
  const { signal, ...rest } = options;
  const request = resolveSettings(prompt, rest, model.info.generation);
  return new Generation((inner) => model.run(request, inner), signal);
}

/** A text on its way. */
export class Generation implements AsyncIterableIterator<Step> {
  readonly #abort = new AbortController();
  readonly #steps: AsyncGenerator<Step, Summary, void>;
  #summary: Summary | undefined;
  #failure: { error: unknown } | undefined;

  constructor(
    run: (signal: AbortSignal) => AsyncGenerator<Step, Summary, void>,
    signal?: AbortSignal,
  ) {
    this.#steps = run(signal ? AbortSignal.any([signal, this.#abort.signal]) : this.#abort.signal);
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Step, undefined>> {
    try {
      const { done, value } = await this.#steps.next();
      if (!done) return { done, value };
      // A finished iterator answers again and again, without the value it returned once.
      this.#summary ??= value;
      return { done: true, value: undefined };
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  /** Stops the model; the summary then says `abort`. */
  async return(): Promise<IteratorResult<Step, undefined>> {
    this.#abort.abort();
    await this.result();
    return { done: true, value: undefined };
  }

  /** Reads what is left and tells how it ended. */
  async result(): Promise<Summary> {
    while (this.#summary === undefined) {
      if (this.#failure) throw this.#failure.error;
      await this.next();
    }
    return this.#summary;
  }
}
