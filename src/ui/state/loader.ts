import { loadModel } from '../../generation/load-model.ts';
import type { Model } from '../../generation/model.ts';
import type { LoadOptions } from '../../model/load-options.ts';

/** Parts of a model that are loaded one by one: files, graph, tokenizer. */
const PARTS = 3;

/**
 * Loads models, of which only the one that was asked for last is wanted. Any other is not kept: it
 * would keep the process.
 */
export class Loader {
  #loads = 0;

  /**
   * @param tell is told what part of it is there, up to 1
   * @param begin takes the model; if it throws, the model is freed
   * @returns the model; undefined where it is not wanted any more
   */
  async load(
    name: string | undefined,
    options: LoadOptions,
    tell: (share: number) => void,
    begin: (model: Model) => void,
  ): Promise<Model | undefined> {
    this.forget();
    const load = this.#loads;
    const isWanted = () => load === this.#loads;
    let parts = 0;
    const progress = () => {
      parts += 1;
      if (isWanted()) tell(parts / PARTS);
    };
    let model: Model | undefined;
    try {
      model = await loadModel(name, { ...options, progress });
      if (isWanted()) {
        begin(model);
        return model;
      }
      await model.dispose();
    } catch (cause) {
      await model?.dispose();
      if (isWanted()) throw cause;
    }
    return undefined;
  }

  /** What is being loaded is wanted no more. */
  forget(): void {
    this.#loads += 1;
  }
}
