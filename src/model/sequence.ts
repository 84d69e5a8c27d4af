import type { Decoder } from './decoder.ts';
import type { Text } from './text.ts';

/** Called as a prompt is read, with how many of its tokens have been and how many there are. */
export type PromptProgress = (read: number, total: number) => void;

// Long enough that chunking costs nothing, short enough that an abort is honoured within a moment.
const CHUNK = 256;
// 32 rows of 152,000 logits are 20 MB.
const CHUNK_OF_ROWS = 32;

/** One text on its way through a model. */
export class Sequence {
  readonly #decoder: Decoder;
  readonly #text: Text;
  readonly #isAlone: boolean;
  #isDecoding = false;

  /**
   * @param isAlone never goes through the graph with others: the same tokens then give the same
   *   logits to the last bit
   */
  constructor(decoder: Decoder, isAlone = false, text: Text = decoder.text()) {
    this.#decoder = decoder;
    this.#isAlone = isAlone;
    this.#text = text;
  }

  /** The tokens so far. */
  get tokens(): readonly number[] {
    return this.#text.tokens;
  }

  get length(): number {
    return this.#text.tokens.length;
  }

  /**
   * Appends tokens.
   *
   * @returns the logits that follow the last of them, a row of the model's vocabulary size
   * @throws the signal's reason, between chunks of a long prompt; the chunks before it are in
   * @throws KelvinError `MODEL_FILE` where the graph fails to run; the piece that failed is not in
   */
  async decode(
    tokens: readonly number[],
    signal?: AbortSignal,
    progress?: PromptProgress,
  ): Promise<Float32Array> {
    let logits: readonly Float32Array[] = [];
    for await (const rows of this.#pieces(tokens, CHUNK, false, signal)) {
      progress?.(rows.read, tokens.length);
      logits = rows.logits;
    }
    return logits[0]!;
  }

  /**
   * Appends tokens, and gives the logits that follow each: a few rows at a time, as they may be
   * many.
   *
   * @throws as {@link Sequence.decode}
   */
  async *decodeEach(
    tokens: readonly number[],
    signal?: AbortSignal,
  ): AsyncGenerator<Float32Array, void> {
    for await (const { logits } of this.#pieces(tokens, CHUNK_OF_ROWS, true, signal)) yield* logits;
  }

  async *#pieces(
    tokens: readonly number[],
    longest: number,
    each: boolean,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<{ readonly read: number; readonly logits: readonly Float32Array[] }, void> {
    this.#checkIdle();
    if (tokens.length === 0)
      throw new RangeError('tokens: must hold at least one token, received none');
    const { cache, inputs } = this.#decoder.signature;
    // Without a cache each chunk would read everything again; and the branch of a merged graph
    // that has a cache was traced with one token, so it may know no order among several.
    const isWhole = cache.length === 0 || inputs.has('use_cache_branch');
    const size = isWhole ? tokens.length : longest;
    this.#isDecoding = true;
    try {
      for (let start = 0; start < tokens.length; start += size) {
        const chunk = tokens.slice(start, start + size);
        const read = start + chunk.length;
        const wanted = each ? 'each' : read === tokens.length ? 'last' : 'none';
        const ask = { wanted, isAlone: this.#isAlone, signal } as const;
        yield { read, logits: await this.#decoder.append(this.#text, chunk, ask) };
      }
    } finally {
      this.#isDecoding = false;
    }
  }

  /**
   * Forgets all but the first tokens.
   *
   * @param length in [0, length]
   */
  truncate(length: number): void {
    this.#checkIdle();
    if (!(length >= 0 && length <= this.length))
      throw new RangeError(`length must be in [0, ${this.length}], got ${length}`);
    this.#text.truncate(length);
  }

  /** Frees what it takes; it is not to be used any more. */
  release(): void {
    this.#checkIdle();
    this.#text.drop();
  }

  /** Another one with the same tokens, which costs no run of the graph. */
  fork(): Sequence {
    this.#checkIdle();
    return new Sequence(this.#decoder, this.#isAlone, this.#text.copy());
  }

  #checkIdle(): void {
    if (this.#isDecoding)
      throw new Error('a sequence does one thing at a time, and it is decoding');
  }
}
