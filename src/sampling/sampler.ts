import type { Chance } from './candidate.ts';
import { checkInteger, checkIterable, checkRow, checkTokens } from './check.ts';
import { chainText, describeChain, type StageDescription } from './describe.ts';
import {
  type Distribution,
  denseProbabilities,
  describeCandidate,
  describeDistribution,
  watch,
} from './distribution.ts';
import { borrow, Engine, giveBack } from './engine.ts';
import { KelvinError } from './error.ts';
import { Fate } from './fate.ts';
import { nextMu } from './filters/mirostat.ts';
import { LARGEST_VOCABULARY } from './keys.ts';
import { type EffectiveOptions, parseSamplingOptions, type SamplingOptions } from './options.ts';
import { chainOf } from './order.ts';
import { Past, pastOf } from './past.ts';
import { Place } from './place.ts';
import {
  checkInspection,
  checkListing,
  checkPosition,
  type Inspection,
  type Listing,
  type Position,
} from './position.ts';
import type { Sample } from './sample.ts';
import { randomSeed } from './seed.ts';
import { activeChain, type Chain, shape } from './shape.ts';
import type { Stage } from './stage.ts';
import type { StageOptions } from './stages.ts';

/** The random stream that draws tokens; other uses of luck have numbers of their own. */
const DRAW = 0;

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
  /** The size of the vocabulary, if it was told. */
  readonly vocabularySize: number | undefined;
  readonly #stages: readonly Stage<StageOptions>[];
  readonly #chain: Chain;
  /** Its own, if the vocabulary was told. */
  readonly #engine: Engine | undefined;
  readonly #row: Float32Array | undefined;
  #past: Past;
  #isAtWork = false;

  /**
   * @param options see {@link SamplingOptions}
   * @param vocabularySize V in [1, 2^21]: gives the sampler memory of its own for rows of that
   *   length, and {@link Sampler.row}; rows of another length are then refused
   * @throws KelvinError UNKNOWN_OPTION, INVALID_OPTION, INVALID_ARGUMENT
   */
  constructor(options: SamplingOptions = {}, vocabularySize?: number) {
    const parsed = parseSamplingOptions(options);
    this.options = Object.freeze({ ...parsed, seed: parsed.seed ?? randomSeed() });
    this.#stages = chainOf(this.options);
    this.#chain = activeChain(this.#stages, this.options);
    this.#past = new Past(this.#chain.edits, this.options);
    this.vocabularySize = vocabularySize;
    if (vocabularySize === undefined) return;
    checkInteger('vocabularySize', vocabularySize, 1, LARGEST_VOCABULARY);
    this.#engine = new Engine(vocabularySize);
    this.#row = this.#engine.workspace.given.values.subarray(0, vocabularySize);
  }

  /**
   * The row of V logits in the sampler's own memory, for a producer that writes into it directly,
   * whole or in pieces, in any order. Passed as `logits` it is not copied, unless an edit is active,
   * which works on a copy. Sampling leaves it as it is.
   *
   * @throws KelvinError INVALID_ARGUMENT if the sampler was not told its vocabulary
   * @example
   * import { Sampler } from 'kelvin/sampling';
   * const sampler = new Sampler({ temperature: 0 }, 3);
   * sampler.row.set([1, 3], 0);
   * sampler.row.set([2], 2);
   * sampler.sample(sampler.row).token; // => 1
   */
  get row(): Float32Array {
    if (this.#row) return this.#row;
    throw new KelvinError(
      'INVALID_ARGUMENT',
      'row needs the vocabulary: new Sampler(options, vocabularySize)',
    );
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
  sample(logits: Float32Array, at: Listing = {}): Sample {
    checkListing(at);
    const { top } = at;
    return this.#work(logits, at, (engine, place) => {
      const trace = top === undefined ? undefined : watch(engine, top);
      const kept = shape(engine, this.#chain, place, trace);
      const token = kept.draw(place.uniform(DRAW));
      const { raw } = engine;
      const shapedLogprob = kept.logProbability(token);
      const sample = {
        token,
        logprob: raw.logProbability(token),
        shapedLogprob,
        rank: raw.rank(token),
        entropy: kept.entropy,
        rawEntropy: raw.entropy,
        kept: kept.count,
      };
      const distribution = trace && describeDistribution(engine, kept, trace);
      this.#acceptDrawn(token, shapedLogprob, at);
      return distribution ? { ...sample, distribution } : sample;
    });
  }

  /**
   * Draws the token {@link Sampler.sample} would draw, accepts it alike, and computes nothing else:
   * several times faster where the vocabulary is large.
   *
   * @throws KelvinError as {@link Sampler.sample}
   * @example
   * import { Sampler } from 'kelvin/sampling';
   * new Sampler({ temperature: 0 }).sampleToken(Float32Array.of(1, 3, 2)); // => 1
   */
  sampleToken(logits: Float32Array, at: Position = {}): number {
    checkPosition(at);
    return this.#work(logits, at, (engine, place) => {
      const kept = shape(engine, this.#chain, place);
      const token = kept.draw(place.uniform(DRAW));
      this.#acceptDrawn(token, kept.logProbability(token), at);
      return token;
    });
  }

  /**
   * The distribution `sample` would draw from here. Changes no state.
   *
   * Exact in Float64 where at most 512 tokens are left. Where more are, they are drawn by Float32
   * weights that sum up to within a relative 1e-6 of what is shown, and tokens that together have
   * less than 3e-8 may never be drawn.
   *
   * @returns V probabilities that sum to 1, 0 where cut
   * @throws KelvinError as {@link Sampler.sample}
   * @example
   * import { Sampler } from 'kelvin/sampling';
   * Array.from(new Sampler({ topK: 1 }).probabilities(Float32Array.of(1, 3, 2))); // => [0, 1, 0]
   */
  probabilities(logits: Float32Array, at: Position = {}): Float64Array {
    checkPosition(at);
    return this.#work(logits, at, (engine, place) =>
      denseProbabilities(shape(engine, this.#chain, place), logits.length),
    );
  }

  /**
   * The distribution `sample` would draw from here, and what each stage cut. Changes no state.
   *
   * @param at place in the text, how many tokens to list (default 20), whether to tell the edges too
   * @throws KelvinError as {@link Sampler.sample}
   * @example
   * import { Sampler } from 'kelvin/sampling';
   * const seen = new Sampler({ topK: 2 }).inspect(Float32Array.of(1, 3, 2), { edges: true });
   * seen.candidates[2].cutBy; // => 'topK'
   * seen.edges?.map(({ token }) => token); // => [2, 0]
   */
  inspect(logits: Float32Array, at: Inspection = {}): Distribution {
    checkInspection(at);
    const { top = 20, edges } = at;
    return this.#work(logits, at, (engine, place) => {
      const trace = watch(engine, top, edges);
      return describeDistribution(engine, shape(engine, this.#chain, place, trace), trace);
    });
  }

  /**
   * What chance one token has here: what `inspect` would list of it, and what that is made of, in
   * little more time than `sampleToken` takes. Changes no state.
   *
   * @throws KelvinError as {@link Sampler.sample}; INVALID_TOKEN for anything but an id below V
   * @example
   * import { Sampler } from 'kelvin/sampling';
   * const sampler = new Sampler({ topK: 1, logitBias: { 2: -1 } });
   * sampler.candidate(Float32Array.of(1, 3, 2), 2).cutBy; // => 'topK'
   */
  candidate(logits: Float32Array, token: number, at: Position = {}): Chance {
    checkPosition(at);
    return this.#work(logits, at, (engine, place) => {
      checkTokens('candidate', [token], logits.length);
      const fate = new Fate(engine.workspace.given, token);
      return describeCandidate(engine, shape(engine, this.#chain, place, fate), fate);
    });
  }

  /**
   * The logits as the edits leave them, before a temperature and the filters. Changes no state.
   *
   * @returns V logits, −Infinity where banned
   * @throws KelvinError as {@link Sampler.sample}
   * @example
   * import { Sampler } from 'kelvin/sampling';
   * const sampler = new Sampler({ logitBias: { 0: 2 }, topK: 1 });
   * Array.from(sampler.edited(Float32Array.of(1, 3, 2))); // => [3, 3, 2]
   */
  edited(logits: Float32Array, at: Position = {}): Float32Array {
    checkPosition(at);
    const { edits } = this.#chain;
    return this.#work(logits, at, (engine, place) => {
      shape(engine, { edits, rest: [] }, place);
      const { given, edited } = engine.workspace;
      return (edits.length > 0 ? edited : given).values.slice(0, logits.length);
    });
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
    this.#checkIdle();
    checkTokens('accept', [token], this.vocabularySize);
    this.#past.accept(token, this.#past.muAt(this.#past.step));
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
    this.#checkIdle();
    checkIterable('history', history);
    const tokens = [...history];
    checkTokens('history', tokens, this.vocabularySize);
    this.#past.begin(tokens);
  }

  /**
   * Goes back to where `step` tokens had been accepted since the start or the last `reset`, with
   * everything its stages remember. The same logits then give the same tokens again.
   *
   * @param step in [0, tokens accepted]
   * @throws KelvinError INVALID_ARGUMENT; the state is then unchanged
   * @example
   * import { Sampler } from 'kelvin/sampling';
   * const sampler = new Sampler({ seed: 7 });
   * const first = sampler.sample(Float32Array.of(1, 3, 2)).token;
   * sampler.rewind(0);
   * sampler.sample(Float32Array.of(1, 3, 2)).token === first; // => true
   */
  rewind(step: number): void {
    this.#checkIdle();
    checkInteger('step', step, 0, this.#past.step);
    this.#past.rewind(step);
  }

  /**
   * Another sampler in the same state, memory of its own included; what either does from here on
   * does not touch the other.
   *
   * @throws KelvinError INVALID_ARGUMENT for a sampler with a `constraint`, whose state is not ours
   * @example
   * import { Sampler } from 'kelvin/sampling';
   * const sampler = new Sampler({ seed: 7 });
   * sampler.accept(1);
   * sampler.fork().sample(Float32Array.of(1, 3)).token === sampler.sample(Float32Array.of(1, 3)).token; // => true
   */
  fork(): Sampler {
    if (this.options.constraint)
      throw new KelvinError(
        'INVALID_ARGUMENT',
        'a sampler with a constraint cannot be forked: make another one with a constraint of its own',
      );
    const fork = new Sampler(this.options, this.vocabularySize);
    fork.#past = this.#past.copy();
    return fork;
  }

  /**
   * The chain in order, inactive stages included.
   *
   * @example
   * import { Sampler } from 'kelvin/sampling';
   * new Sampler({ topK: 40 }).describe().find(({ name }) => name === 'topK'); // => { name: 'topK', parameters: { topK: 40 }, active: true }
   */
  describe(): StageDescription[] {
    return describeChain(this.#stages, this.options);
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

  /** Loads a row and does something with it at a place in the text. */
  #work<T>(
    logits: Float32Array,
    { history, step }: Position,
    use: (engine: Engine, place: Place) => T,
  ): T {
    checkRow(logits, this.vocabularySize);
    this.#checkIdle();
    if (history !== undefined && step === undefined && this.options.minNewTokens > 0)
      throw new KelvinError(
        'INVALID_ARGUMENT',
        'minNewTokens needs the step too where history is given: how many of its tokens are new',
      );
    const past =
      history === undefined ? this.#past : pastOf(history, this.#chain.edits, this.options);
    const at = step ?? history?.length ?? past.step;
    checkInteger('step', at, 0);
    // Another row goes elsewhere, as the sampler's own may be half written.
    const own = logits.buffer === this.#row?.buffer ? this.#engine : undefined;
    const engine = own ?? borrow(logits.length);
    this.#isAtWork = true;
    try {
      engine.load(logits);
      if (past.largest >= logits.length) checkTokens('history', past.history, logits.length);
      return use(engine, new Place(past, at, this.#past.muAt(at), this.seed));
    } finally {
      this.#isAtWork = false;
      if (!own) giveBack(engine);
    }
  }

  #checkIdle(): void {
    if (this.#isAtWork)
      throw new KelvinError('INVALID_ARGUMENT', 'a constraint must not use the sampler it is in');
  }

  /** Accepts a drawn token, unless the call was a what-if. */
  #acceptDrawn(token: number, logprob: number, { history, step }: Position): void {
    if (history !== undefined || step !== undefined) return;
    const { mirostat } = this.options;
    const mu = this.#past.muAt(this.#past.step);
    this.#past.accept(token, mirostat ? nextMu(mirostat, mu, logprob) : mu);
  }
}
