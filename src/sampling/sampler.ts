import { checkInteger, checkRow, checkTokens } from './check.ts';
import { chainText, describeChain, type StageDescription } from './describe.ts';
import { type Distribution, denseProbabilities, describeDistribution } from './distribution.ts';
import { drawStream } from './draw.ts';
import { type EffectiveOptions, parseSamplingOptions, type SamplingOptions } from './options.ts';
import { chainOf } from './order.ts';
import { uniform } from './philox.ts';
import { drawSample, type Sample } from './sample.ts';
import { type Shaped, shape } from './shape.ts';
import type { Stage } from './stage.ts';
import type { StageOptions } from './stages.ts';

/** Where in a text a row of logits stands, if not where the sampler itself is. */
export interface Position {
  /** Token ids so far, oldest first, prompt included. Default: what the sampler has accepted. */
  readonly history?: readonly number[] | Int32Array;
  /** Index of the token to draw, ≥ 0. Default: the length of `history` if that is given. */
  readonly step?: number;
}

const randomSeed = (): number => globalThis.crypto.getRandomValues(new Uint32Array(1))[0];

/**
 * Turns logits into tokens: edits (bias, penalties), temperature, filters, draw.
 *
 * Every given option acts or is refused. The luck of step n is a pure function of the seed and n,
 * so it does not depend on what was filtered before; results are the same bits on every machine.
 *
 * Used plainly it keeps its own history: each `sample(logits)` accepts the token it draws. With a
 * `history` or a `step` given, a call is a what-if and changes no state.
 *
 * @example
 * import { Sampler } from 'kelvin/sampling';
 * const sampler = new Sampler({ temperature: 0.7, topK: 2, seed: 7 });
 * const logits = Float32Array.of(2, 1, 0.1);
 * sampler.probabilities(logits)[2]; // => 0
 * sampler.sample(logits).kept; // => 2
 */
export class Sampler {
  /** The effective options: defaults filled in, seed included. Frozen. */
  readonly options: Readonly<EffectiveOptions & { seed: number }>;
  readonly #chain: readonly Stage<StageOptions>[];
  readonly #activeChain: readonly Stage<StageOptions>[];
  #history: number[] = [];
  #step = 0;

  /**
   * @param options see {@link SamplingOptions}
   * @throws KelvinError UNKNOWN_OPTION, INVALID_OPTION
   */
  constructor(options: SamplingOptions = {}) {
    const parsed = parseSamplingOptions(options);
    this.options = Object.freeze({ ...parsed, seed: parsed.seed ?? randomSeed() });
    this.#chain = chainOf(this.options);
    this.#activeChain = this.#chain.filter((stage) => stage.active(this.options));
  }

  /** The given seed, or the random one chosen in its place. */
  get seed(): number {
    return this.options.seed;
  }

  /**
   * Draws a token. Without `history` and `step` it is drawn at the sampler's own place and
   * accepted; with either it is a what-if that changes nothing.
   *
   * @param logits V natural-unit logits, finite or −Infinity, at least one finite
   * @param at place in the text, and how many tokens `distribution` shall list (none if absent)
   * @throws KelvinError INVALID_LOGITS, INVALID_TOKEN, INVALID_ARGUMENT; the state is unchanged
   * @example
   * import { Sampler } from 'kelvin/sampling';
   * const logits = Float32Array.of(1, 3, 2);
   * new Sampler({ temperature: 0 }).sample(logits).token; // => 1
   * new Sampler({ seed: 7 }).sample(logits, { step: 4, top: 1 }).distribution?.candidates[0].token; // => 1
   */
  sample(logits: Float32Array, at: Position & { readonly top?: number } = {}): Sample {
    if (at.top !== undefined) checkInteger('top', at.top, 0);
    const shaped = this.#shape(logits, at);
    const u = uniform(this.seed, drawStream, this.#stepOf(at));
    const sample = drawSample(shaped, u, at.top);
    if (at.history === undefined && at.step === undefined) this.accept(sample.token);
    return sample;
  }

  /**
   * The exact distribution `sample` would draw from here. Changes no state.
   *
   * @returns V probabilities that sum to 1, 0 where cut
   * @throws KelvinError as {@link Sampler.sample}
   * @example
   * import { Sampler } from 'kelvin/sampling';
   * Array.from(new Sampler({ topK: 1 }).probabilities(Float32Array.of(1, 3, 2))); // => [0, 1, 0]
   */
  probabilities(logits: Float32Array, at: Position = {}): Float64Array {
    return denseProbabilities(this.#shape(logits, at));
  }

  /**
   * The distribution `sample` would draw from here, and what each stage cut. Changes no state.
   *
   * @param at place in the text, and how many tokens to list (default 20)
   * @throws KelvinError as {@link Sampler.sample}
   * @example
   * import { Sampler } from 'kelvin/sampling';
   * const seen = new Sampler({ topK: 1 }).inspect(Float32Array.of(1, 3, 2), { top: 2 });
   * seen.candidates[1].cutBy; // => 'topK'
   * seen.kept; // => 1
   */
  inspect(
    logits: Float32Array,
    { top = 20, ...at }: Position & { readonly top?: number } = {},
  ): Distribution {
    checkInteger('top', top, 0);
    return describeDistribution(this.#shape(logits, at), top);
  }

  /**
   * Tells the sampler which token really came next: forced, edited, or drawn elsewhere. Not
   * needed after a plain `sample(logits)`.
   *
   * @throws KelvinError INVALID_TOKEN for anything but an integer ≥ 0
   * @example
   * import { Sampler } from 'kelvin/sampling';
   * const sampler = new Sampler({ presencePenalty: 9, temperature: 0 });
   * sampler.accept(1);
   * sampler.sample(Float32Array.of(1, 3, 2)).token; // => 2
   */
  accept(token: number): void {
    checkTokens('accept', [token]);
    this.#history.push(token);
    this.#step++;
  }

  /**
   * Forgets everything and begins at step 0 with this history, such as the prompt.
   *
   * @throws KelvinError INVALID_TOKEN; the state is then unchanged
   * @example
   * import { Sampler } from 'kelvin/sampling';
   * const sampler = new Sampler({ presencePenalty: 9, temperature: 0 });
   * sampler.reset([1, 2]);
   * sampler.sample(Float32Array.of(1, 3, 2)).token; // => 0
   */
  reset(history: Iterable<number> = []): void {
    const tokens = [...history];
    checkTokens('history', tokens);
    this.#history = tokens;
    this.#step = 0;
  }

  /**
   * The chain in order, inactive stages included.
   *
   * @example
   * import { Sampler } from 'kelvin/sampling';
   * new Sampler({ topK: 40 }).describe()[3]; // => { name: 'topK', parameters: { topK: 40 }, active: true }
   */
  describe(): StageDescription[] {
    return describeChain(this.#chain, this.options);
  }

  /**
   * The chain on one line, `?` before a stage that does nothing.
   *
   * @example
   * import { Sampler } from 'kelvin/sampling';
   * String(new Sampler({ order: ['topK', 'minP'], topK: 40 })); // => 'logits -> topK{topK: 40} -> ?minP -> draw'
   */
  toString(): string {
    return chainText(this.describe());
  }

  #stepOf({ history, step }: Position): number {
    return step ?? history?.length ?? this.#step;
  }

  #shape(logits: Float32Array, at: Position): Shaped {
    checkRow(logits);
    const history = at.history ?? this.#history;
    checkTokens('history', history, logits.length);
    checkInteger('step', this.#stepOf(at), 0);
    return shape(logits, this.#activeChain, this.options, history);
  }
}
