import { createHash } from 'node:crypto';
import type { Model } from '../generation/model.ts';
import { HttpError, unavailable } from './http-error.ts';

/** The model behind a server: on its way, there, or about to go. */
export class Engine {
  readonly started = Math.floor(Date.now() / 1000);
  #model: Model | undefined;
  #isDraining = false;
  #failure: unknown;

  constructor(model: Model | Promise<Model>) {
    if (!(model instanceof Promise)) this.#model = model;
    else
      model.then(
        (model) => {
          this.#model = model;
        },
        (cause: unknown) => {
          this.#failure = cause;
        },
      );
  }

  /** @throws HttpError 503 where it cannot be asked */
  get model(): Model {
    if (this.#isDraining) throw unavailable('the server is going away', 'draining');
    if (this.#failure) throw unavailable('the model could not be loaded', 'load_failed');
    if (!this.#model) throw unavailable('the model is being loaded', 'loading');
    return this.#model;
  }

  /** Takes no more requests. */
  drain(): void {
    this.#isDraining = true;
  }

  /**
   * The model of a name; there is one.
   *
   * @throws HttpError 404
   */
  named(name: string | undefined): Model {
    const { model } = this;
    if (name === undefined || name === model.info.name) return model;
    throw new HttpError(
      404,
      'not_found_error',
      `model must be "${model.info.name}", the one that is served`,
      { param: 'model', code: 'model_not_found' },
    );
  }
}

/** As `/v1/models` tells it. */
export const modelEntry = ({ info }: Model, created: number) => ({
  id: info.name,
  object: 'model',
  created,
  owned_by: 'kelvin',
  context_length: info.contextLength ?? null,
  chat: info.chat,
});

/** Changes where the same seed need not give the same text any more. */
export const fingerprintOf = ({ info }: Model): string =>
  `fp_${createHash('sha256')
    .update(JSON.stringify([info.name, info.dtype, info.bytes]))
    .digest('hex')
    .slice(0, 12)}`;
