import { type Exploration, explore } from '../../generation/explorer/explore.ts';
import type { Written } from '../../generation/explorer/view.ts';
import type { Model } from '../../generation/model.ts';
import { fromPlain } from '../../generation/plain-error.ts';
import type { SamplingOptions } from '../../sampling/index.ts';
import { Metrics } from './metrics.ts';
import { inFull } from './settings.ts';
import { Store } from './store.ts';

/** A text under one of the two settings. */
export interface Side {
  readonly options: SamplingOptions;
  readonly written: readonly Written[];
  readonly isWriting: boolean;
}

/**
 * The same prompt under two settings, with the same luck: what differs is what the settings do. The
 * left side stays; the right one is written anew as its knobs are turned.
 */
export class Comparison extends Store {
  readonly left: Half;
  readonly right: Half;

  constructor(
    model: Model,
    prompt: string,
    left: SamplingOptions,
    right: SamplingOptions,
    limit: number,
  ) {
    super();
    const half = (options: SamplingOptions) =>
      new Half(model, prompt, options, limit, () => this.changed());
    this.left = half(left);
    this.right = half(right);
  }

  /** Where the texts become different; undefined while they are the same. */
  get divergence(): number | undefined {
    const [left, right] = [this.left.written, this.right.written];
    const length = Math.min(left.length, right.length);
    for (let i = 0; i < length; i++) if (left[i]!.token !== right[i]!.token) return i;
    return undefined;
  }

  /** Why one of them does not go on. */
  get error(): Error | undefined {
    return this.left.error ?? this.right.error;
  }

  get isWriting(): boolean {
    return this.left.isWriting || this.right.isWriting;
  }

  /** @param pace the most tokens a second of each side, > 0; Infinity as fast as they come */
  set pace(pace: number) {
    this.left.pace = pace;
    this.right.pace = pace;
  }

  /** Writes both texts again. */
  writeAgain(): void {
    this.left.set(this.left.options);
    this.right.set(this.right.options);
  }

  close(): void {
    this.left.close();
    this.right.close();
  }
}

class Half implements Side {
  options: SamplingOptions;
  written: Written[] = [];
  readonly metrics = new Metrics();
  isWriting = true;
  error: Error | undefined;
  readonly #exploration: Exploration;
  readonly #limit: number;
  #isOver = false;

  constructor(
    model: Model,
    prompt: string,
    options: SamplingOptions,
    limit: number,
    changed: () => void,
  ) {
    this.options = options;
    this.#limit = limit;
    this.#exploration = explore(model, prompt, inFull(options), (event) => {
      if (event instanceof Error) {
        this.#isOver = true;
        this.#rest(event);
      } else if (event.type === 'paused') this.#rest(event.error && fromPlain(event.error));
      else if (event.type === 'wrote') this.#write(event.entries);
      changed();
    });
    this.#exploration.play(0, limit);
  }

  /** @throws KelvinError where the sampler refuses; everything is then as it was */
  set(options: SamplingOptions): void {
    if (this.#isOver) return;
    this.#exploration.set(inFull(options));
    this.options = options;
    this.written = [];
    this.metrics.follow(this.written, 0);
    this.error = undefined;
    this.isWriting = true;
    this.#exploration.play(0, this.#limit);
  }

  set pace(pace: number) {
    this.#exploration.pace = pace;
  }

  close(): void {
    this.#exploration.close();
  }

  #rest(error: Error | undefined): void {
    this.error = error;
    this.isWriting = false;
  }

  /** What was under way as the settings changed belongs to a text that is gone. */
  #write(entries: readonly Written[]): void {
    const present = this.#exploration.settings.length - 1;
    this.written.push(...entries.filter(({ settings }) => settings === present));
    this.metrics.follow(this.written, this.written.length);
  }
}
