import { loadModel } from '../../generation/load-model.ts';
import type { Model } from '../../generation/model.ts';
import { checkLoadOptions, type LoadOptions } from '../../model/load-options.ts';
import { KelvinError } from '../../sampling/index.ts';
import { invalidOption } from '../../sampling/option.ts';
import { KelvinModel } from './language-model.ts';

/** Models for the AI SDK: call it, or hand it to a provider registry. */
export interface KelvinProvider {
  /**
   * @param model a name as `loadModel` takes it, the embedded story model if absent; or a model
   *   that is loaded already
   * @throws KelvinError `INVALID_OPTION` for anything else
   */
  (model?: string | Model): KelvinModel;
  readonly specificationVersion: 'v3';
  /** The same by its name in the AI SDK. */
  languageModel(model?: string | Model): KelvinModel;
  /** @throws KelvinError `MODEL_UNSUPPORTED`: kelvin writes text. */
  embeddingModel(modelId: string): never;
  /** @throws KelvinError `MODEL_UNSUPPORTED`: kelvin writes text. */
  imageModel(modelId: string): never;
  /**
   * Ends what is running and frees the models that were loaded here, not those that were given. One
   * that is asked again is loaded again.
   */
  dispose(): Promise<void>;
}

/**
 * A provider for the AI SDK, versions 6 and 7. Each model is loaded once, when it is first asked for
 * text, into a thread of its own; an idle one does not keep the process alive.
 *
 * @param options how to load models: `dtype`, `threads`, `progress`
 * @throws KelvinError `UNKNOWN_OPTION` or `INVALID_OPTION`
 * @example
 * import { createKelvin } from 'kelvin/ai-sdk';
 * const kelvin = createKelvin();
 * const { content, finishReason } = await kelvin().doGenerate({
 *   prompt: [{ role: 'user', content: [{ type: 'text', text: 'Once upon a' }] }],
 *   maxOutputTokens: 1,
 *   temperature: 0,
 * });
 * content[0]; // => { type: 'text', text: ' time' }
 * finishReason.unified; // => 'length'
 * await kelvin.dispose();
 */
export function createKelvin(options: LoadOptions = {}): KelvinProvider {
  checkLoadOptions(options);
  const loaded = new Map<string | undefined, Promise<Model>>();
  const load = (name: string | undefined): Promise<Model> => {
    let model = loaded.get(name);
    if (!model) {
      model = loadModel(name, options);
      loaded.set(name, model);
      // What could not be loaded may be there the next time.
      model.catch(() => loaded.delete(name));
    }
    return model;
  };
  const languageModel = (model?: string | Model) => {
    if (typeof model === 'string' || model === undefined)
      return new KelvinModel(model ?? EMBEDDED, () => load(model));
    if (!model?.info)
      throw invalidOption('model', 'the name of a model, or one that is loaded', model);
    return new KelvinModel(model.info.name, async () => model);
  };
  return Object.assign((model?: string | Model) => languageModel(model), {
    specificationVersion: 'v3' as const,
    languageModel,
    embeddingModel: (name: string) => refuse('an embedding', name),
    imageModel: (name: string) => refuse('an image', name),
    async dispose() {
      const models = [...loaded.values()];
      loaded.clear();
      const settled = await Promise.allSettled(models);
      await Promise.all(
        settled.map((one) => (one.status === 'fulfilled' ? one.value.dispose() : undefined)),
      );
    },
  });
}

/** A provider with nothing set: models are loaded as `loadModel` loads them. */
export const kelvin: KelvinProvider = createKelvin();

const EMBEDDED = 'kelvin-story';

function refuse(kind: string, name: string): never {
  throw new KelvinError(
    'MODEL_UNSUPPORTED',
    `model ${name} must be a language model, as kelvin writes text: it cannot be ${kind} model`,
  );
}
