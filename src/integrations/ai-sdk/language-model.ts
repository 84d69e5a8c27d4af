import type {
  LanguageModelV3,
  LanguageModelV3CallOptions,
  LanguageModelV3GenerateResult,
  LanguageModelV3StreamResult,
} from '@ai-sdk/provider';
import { generate } from '../../generation/generate.ts';
import type { Model } from '../../generation/model.ts';
import type { Step } from '../../generation/step.ts';
import { finishReasonOf, metadataOf, usageOf } from './outcome.ts';
import { promptOf } from './prompt.ts';
import { read } from './read.ts';
import { settingsOf } from './settings.ts';
import { streamOf } from './stream.ts';

/**
 * A model of kelvin as the AI SDK sees it. `generateText` and `streamText` call it; options that
 * kelvin does not know or that are out of range are errors, what a text model cannot do is a
 * warning.
 */
export class KelvinModel implements LanguageModelV3 {
  readonly specificationVersion = 'v3';
  readonly provider = 'kelvin';
  readonly modelId: string;
  /** All of them, so that nobody downloads a file that would be left out. */
  readonly supportedUrls = { '*/*': [/.*/] };
  readonly #load: () => Promise<Model>;

  constructor(modelId: string, load: () => Promise<Model>) {
    this.modelId = modelId;
    this.#load = load;
  }

  /** @throws KelvinError as `generate`; the reason of the signal where that aborts */
  async doGenerate(call: LanguageModelV3CallOptions): Promise<LanguageModelV3GenerateResult> {
    const { reading, warnings, response } = await this.#begin(call);
    const steps: Step[] = [];
    for (;;) {
      const { done, value } = await reading.next();
      if (!done) {
        steps.push(value);
        continue;
      }
      return {
        content: value.text === '' ? [] : [{ type: 'text', text: value.text }],
        finishReason: finishReasonOf(value),
        usage: usageOf(value),
        warnings,
        providerMetadata: metadataOf(value, steps),
        response,
      };
    }
  }

  /**
   * Streams the text. What is wrong with the call is thrown here, as it shows by the first token;
   * what fails later is a part of the stream, and an abort errors it.
   *
   * @throws as {@link KelvinModel.doGenerate}
   */
  async doStream(call: LanguageModelV3CallOptions): Promise<LanguageModelV3StreamResult> {
    const begun = await this.#begin(call);
    const first = await begun.reading.next();
    const { abortSignal, includeRawChunks = false } = call;
    return { stream: streamOf({ ...begun, first, abortSignal, includeRawChunks }) };
  }

  async #begin(call: LanguageModelV3CallOptions) {
    const settings = settingsOf(call);
    const model = await this.#load();
    const { prompt, warnings } = await promptOf(model, call.prompt);
    call.abortSignal?.throwIfAborted();
    const { abortSignal } = call;
    const generation = generate(model, prompt, { ...settings.options, signal: abortSignal });
    return {
      reading: read(generation, abortSignal),
      stop: () => generation.return(),
      warnings: [...settings.warnings, ...warnings],
      response: {
        id: `kelvin-${crypto.randomUUID()}`,
        timestamp: new Date(),
        modelId: model.info.name,
      },
    };
  }
}
