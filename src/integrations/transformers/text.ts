import { KelvinError, type Sample, Sampler, type SamplingOptions } from '../../sampling/index.ts';

/** One text of a batch. */
export interface SampledText {
  /** The seed that repeats it. */
  readonly seed: number;
  /** Every token drawn, the end token included, with its log probabilities. */
  readonly steps: readonly Sample[];
  /** Whether an end token ended it. */
  readonly ended: boolean;
}

/** One text as it is drawn. */
export class Text implements SampledText {
  readonly steps: Sample[] = [];
  ended = false;
  readonly #sampler: Sampler;
  readonly #top: number;
  #length = 0;

  constructor(options: SamplingOptions, top: number) {
    this.#sampler = new Sampler(options);
    this.#top = top;
  }

  get seed(): number {
    return this.#sampler.seed;
  }

  /**
   * Tells it the tokens it goes on from.
   *
   * @param mask 0 for those that are padding; of other texts it may be an encoder's
   */
  begin(tokens: readonly number[], mask?: ArrayLike<number | bigint>): void {
    this.#length = tokens.length;
    const isWhole = mask?.length === tokens.length;
    this.#sampler.reset(tokens.filter((_, i) => !isWhole || Number(mask[i]) !== 0));
  }

  /**
   * Draws a token, and leaves it as the only one that can be taken. A text that has ended stays so:
   * transformers.js goes on with a batch until all its texts end at once.
   *
   * @param length of the text as transformers.js has it
   * @param last its last token
   * @throws KelvinError `INVALID_ARGUMENT` where that is not what was drawn before
   */
  draw(logits: Float32Array, length: number, last: number): void {
    const before = this.steps.at(-1)?.token;
    if (length !== this.#length || (before !== undefined && last !== before))
      throw new KelvinError(
        'INVALID_ARGUMENT',
        `generate must go on from what kelvin has drawn, ${this.#length} tokens that end in ${before}, got ${length} that end in ${last}: a prepared request serves one call, and no beams`,
      );
    if (!this.ended) {
      const sample = this.#sampler.sample(logits, this.#top > 0 ? { top: this.#top } : {});
      this.steps.push(sample);
      this.ended = this.#sampler.options.endTokens.includes(sample.token);
    }
    this.#length += 1;
    logits.fill(Number.NEGATIVE_INFINITY);
    logits[this.steps.at(-1)!.token] = 0;
  }
}
