import { Sampler, type SamplingOptions, samplingOptions } from '../../sampling/index.ts';
import type { Command } from '../commands.ts';
import { createKnobs, type Knob, turn, withOption } from '../knobs.ts';
import { nextOrder } from '../order.ts';
import { presets, withPreset } from '../presets.ts';

const DEFAULTS: SamplingOptions = Object.fromEntries(
  Object.entries(samplingOptions).map(([name, row]) => [name, row.default]),
);

/** The settings with what is off said to be off: what is absent would be the model's own. */
export const inFull = (options: SamplingOptions): SamplingOptions => ({ ...DEFAULTS, ...options });

/** What the knobs stand at, what they stood at before, and how to turn them. */
export class Settings {
  readonly knobs: readonly Knob[];
  /** What it began with. */
  readonly first: SamplingOptions;
  #described: SamplingOptions | undefined;
  #inactive: readonly string[] = [];
  readonly #past: SamplingOptions[] = [];
  readonly #future: SamplingOptions[] = [];
  options: SamplingOptions;
  /** The knob that was turned last. */
  focus: Knob | undefined;

  /** @param effective every option, with a seed, so that a text can be written again */
  constructor(effective: SamplingOptions, vocabulary: number) {
    const set = Object.entries(effective).filter(
      ([name, value]) => value !== DEFAULTS[name as keyof SamplingOptions],
    );
    this.options = Object.fromEntries(set);
    this.first = this.options;
    this.knobs = createKnobs(vocabulary);
  }

  /** Stages that are set and do nothing where they stand. */
  get inactive(): readonly string[] {
    if (this.#described !== this.options) {
      this.#described = this.options;
      const stages = new Sampler(this.options).describe();
      this.#inactive = stages.filter(({ active }) => !active).map(({ name }) => name);
    }
    return this.#inactive;
  }

  /**
   * What a command makes of the options; the same object where it changes nothing, undefined for a
   * command that is about something else.
   */
  after(command: Command, key: string): SamplingOptions | undefined {
    const options = this.#after(command, key);
    return options && isEqual(options, this.options) ? this.options : options;
  }

  #after(command: Command, key: string): SamplingOptions | undefined {
    const knob = this.knobs.find(({ keys }) => keys.includes(key));
    switch (command) {
      case 'resetKnobs':
        return this.first;
      case 'preset':
        return withPreset(this.options, presets.find((preset) => preset.key === key)!);
      case 'order':
        return withOption(
          this.options,
          'order',
          nextOrder(this.options.order ?? 'temperature-first', this.first.order),
        );
      case 'newSeed':
        return { ...this.options, seed: randomSeed() };
      case 'undo':
        return this.#past.at(-1) ?? this.options;
      case 'redo':
        return this.#future.at(-1) ?? this.options;
      default:
        if (!knob) return undefined;
        this.focus = knob;
        return turn(this.options, knob, key === knob.keys[0] ? -1 : 1);
    }
  }

  /** Takes what `after` gave, once the sampler has agreed. */
  take(options: SamplingOptions, command: Command): void {
    if (options === this.options) return;
    if (command === 'undo') {
      this.#past.pop();
      this.#future.push(this.options);
    } else {
      this.#past.push(this.options);
      if (command === 'redo') this.#future.pop();
      else this.#future.length = 0;
    }
    this.options = options;
  }
}

const isEqual = (a: SamplingOptions, b: SamplingOptions): boolean =>
  [a, b].every((one) =>
    Object.keys(one).every((name) =>
      Object.is(a[name as keyof SamplingOptions], b[name as keyof SamplingOptions]),
    ),
  );

const randomSeed = (): number => globalThis.crypto.getRandomValues(new Uint32Array(1))[0]!;
