import {
  type Exploration,
  type ExplorationEvent,
  explore,
  type Model,
  type SamplingOptions,
  type Written,
} from 'kelvin';

/** An exploration with all it has told of. */
export class Watched {
  readonly events: ExplorationEvent[] = [];
  readonly exploration: Exploration;
  #taken = 0;
  #wake = () => {};

  constructor(model: Model, prompt: string | readonly number[], settings: SamplingOptions = {}) {
    this.exploration = explore(model, prompt, settings, (event) => {
      this.events.push(event);
      this.#wake();
    });
  }

  /** The events up to one of a type that nobody has waited for yet, or the error that ends it. */
  async until(type: 'ready' | 'wrote' | 'paused' | 'error'): Promise<readonly ExplorationEvent[]> {
    for (let i = this.#taken; ; i++) {
      while (i >= this.events.length)
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      const event = this.events[i]!;
      const isError = event instanceof Error;
      if (!isError && event.type !== type) continue;
      if (isError && type !== 'error') throw event;
      const events = this.events.slice(this.#taken, i + 1);
      this.#taken = i + 1;
      return events;
    }
  }

  /** Writes on, and waits until it ends. */
  async play(from: number, count?: number): Promise<Written[]> {
    this.exploration.play(from, count);
    return written(await this.until('paused'));
  }
}

/** What was written, in order. */
export const written = (events: readonly ExplorationEvent[]): Written[] =>
  events.flatMap((event) =>
    !(event instanceof Error) && event.type === 'wrote' ? event.entries : [],
  );
