import { checkLoadOptions, type LoadOptions } from '../model/load-options.ts';
import { invalidOption } from '../sampling/option.ts';
import type { Model } from './model.ts';
import { WorkerModel } from './worker-model.ts';

/**
 * Loads a model into a thread of its own. An idle model does not keep the process alive.
 *
 * @param name a folder in the transformers.js layout (`config.json`, `tokenizer.json`,
 *   `onnx/model.onnx`), or `ORG/NAME` of a model in the hub cache: nothing is downloaded here, that
 *   is what `kelvin models pull` is for; or `http://host:port/v1#name` of a model that an engine runs:
 *   llama.cpp's server, vLLM, or another with OpenAI's completions and log-probabilities; the embedded
 *   story model if absent
 * @throws KelvinError `MODEL_NOT_FOUND`, `MODEL_FILE` naming the file, or `MODEL_UNSUPPORTED`;
 *   `ENGINE_UNREACHABLE` or `ENGINE_FAILED`; `UNKNOWN_OPTION` or `INVALID_OPTION` for the options
 * @example
 * import { loadModel } from 'kelvin';
 * const model = await loadModel();
 * model.info.contextLength; // => 512
 */
export async function loadModel(name?: string, options: LoadOptions = {}): Promise<Model> {
  if (name !== undefined && typeof name !== 'string')
    throw invalidOption(
      'model',
      'the name of a folder, of an embedded model or of one in the hub cache, or an address',
      name,
    );
  checkLoadOptions(options);
  return WorkerModel.load(name, options);
}
