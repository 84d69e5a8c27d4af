import { invalidOption } from '../sampling/option.ts';
import type { GenerateOptions } from './generate-options.ts';
import type { Model } from './model.ts';
import { resolveSettings } from './settings.ts';
import type { Step, Summary } from './step.ts';

/**
 * Writes text: an iterable of steps, one per token, as the model makes them. Leaving the loop
 * early stops the model.
 *
 * @param prompt a text to go on from, or token ids; '' starts a new text
 * @param options any sampling option, and `maxTokens`, `stop`, `responseFormat`, `top`, `signal`;
 *   what is absent comes from the model's own `generation_config.json`, then from kelvin's defaults
 * @throws KelvinError at once for an unknown option or a value outside its range, or a token id
 *   outside the vocabulary; while iterating, for a prompt longer than the context, and
 *   `CONSTRAINT_FAILED` for a schema that takes too long
 * @example
 * import { generate, loadModel } from 'kelvin';
 * const model = await loadModel();
 * const generation = generate(model, 'Once upon a time', { temperature: 0.8, seed: 7, maxTokens: 3 });
 * let text = '';
 * for await (const step of generation) text += step.text;
 * (await generation.result()).text === text; // => true
 * await model.dispose();
 */
export function generate(
  model: Model,
  prompt: string | readonly number[],
  options: GenerateOptions = {},
): Generation {
  if (!model?.info) throw invalidOption('model', 'a loaded model, as in await loadModel()', model);
  const request = resolveSettings(prompt, options, model.info);
  const { signal, progress } = options;
  return new Generation((signal) => model.run(request, signal, progress), signal);
}

/**
 * A text on its way: iterate it for its steps, or ask for its `result`. Nothing runs until one of
 * them is asked for.
 *
 * @example
 * import { generate, loadModel } from 'kelvin';
 * const model = await loadModel();
 * const summary = await generate(model, 'Once upon a time', { maxTokens: 3 }).result();
 * summary.finishReason; // => 'length'
 * summary.tokens; // => 3
 * await model.dispose();
 */
export class Generation implements AsyncIterableIterator<Step> {
  readonly #abort = new AbortController();
  readonly #steps: AsyncGenerator<Step, Summary, void>;
  #read = { text: '', tokens: 0 };
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
      if (!done) {
        this.#read = { text: this.#read.text + value.text, tokens: this.#read.tokens + 1 };
        return { done, value };
      }
      // A finished iterator answers again and again, without the value it returned once.
      this.#summary ??= value;
      return { done: true, value: undefined };
    } catch (error) {
      this.#failure = { error };
      throw error;
    }
  }

  /** Stops the model. The summary is of the steps that were read, and says `abort`. */
  async return(): Promise<IteratorResult<Step, undefined>> {
    if (this.#summary === undefined) {
      this.#abort.abort();
      // The model may have been a few steps ahead of its reader; those never happened.
      const read = this.#read;
      const { stop: _, ...summary } = await this.result();
      if (summary.tokens > read.tokens)
        this.#summary = { ...summary, ...read, finishReason: 'abort' };
    }
    return { done: true, value: undefined };
  }

  /**
   * Reads what is left and tells how it ended.
   *
   * @throws what iterating threw
   */
  async result(): Promise<Summary> {
    while (this.#summary === undefined) {
      if (this.#failure) throw this.#failure.error;
      await this.next();
    }
    return this.#summary;
  }
}
