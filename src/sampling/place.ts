import type { Past } from './past.ts';
import { uniform } from './philox.ts';
import type { Luck } from './stage.ts';

/** A place in a text where a token is to be drawn. */
export class Place implements Luck {
  readonly past: Past;
  /** Index of the token to draw. */
  readonly step: number;
  readonly mu: number;
  readonly #seed: number;

  constructor(past: Past, step: number, mu: number, seed: number) {
    this.past = past;
    this.step = step;
    this.mu = mu;
    this.#seed = seed;
  }

  uniform(stream: number): number {
    return uniform(this.#seed, stream, this.step);
  }
}
