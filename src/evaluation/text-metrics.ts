import { checkInteger, checkTokens, show } from '../sampling/check.ts';
import { KelvinError } from '../sampling/error.ts';
import { exp } from '../sampling/exp.ts';
import { LARGEST_VOCABULARY } from '../sampling/keys.ts';
import { Loops } from './loop.ts';
import { Ngrams } from './ngrams.ts';
import { PrefixSums } from './prefix-sums.ts';
import type { TextReadout } from './text-readout.ts';

/** A token of a text, and how the model itself, untempered and uncut, saw its place. */
export interface ScoredToken {
  readonly token: number;
  /** ln p(token), finite and ≤ 0. */
  readonly logprob: number;
  /** H(p), in nats. */
  readonly entropy?: number;
  /** Var_p(ln p), in nats²: `OnlineSoftmax.variance` of the row. */
  readonly varentropy?: number;
}

/** Throws INVALID_ARGUMENT unless a number, where there is one, is finite and not negative. */
function checkAmount(name: string, value: number | undefined): void {
  if (value !== undefined && !(value >= 0 && value < Infinity))
    throw new KelvinError(
      'INVALID_ARGUMENT',
      `${name} must be a number in [0, Infinity), got ${show(value)}`,
    );
}

/**
 * Measures a text as it grows: how surprising, how diverse, how repetitive. A token costs O(1) to
 * add and to take back, and {@link pop} leaves no trace: the readout is to the bit what it would
 * be had the token never come. N-grams are of tokens, within one text.
 *
 * @example
 * import { TextMetrics } from 'kelvin/evaluation';
 * const text = new TextMetrics();
 * for (const token of [5, 6, 5, 6]) text.push({ token, logprob: -1 });
 * text.read().coherence; // => -1
 * text.read().distinct[1]; // => 0.5
 * text.pop();
 * text.read().tokens; // => 3
 */
export class TextMetrics {
  readonly #window: number;
  readonly #tokens: number[] = [];
  readonly #logprobs = new PrefixSums();
  readonly #entropies = new PrefixSums();
  readonly #varentropies = new PrefixSums();
  readonly #distances = new PrefixSums();
  readonly #ngrams: readonly [Ngrams, Ngrams, Ngrams, Ngrams];
  readonly #loops = new Loops();

  /**
   * @param options.window how many of the last tokens the readout is of, an integer ≥ 4; default
   * all. A loop is looked for in the whole text.
   * @throws KelvinError INVALID_ARGUMENT
   */
  constructor({ window = Infinity }: { readonly window?: number } = {}) {
    if (window !== Infinity) checkInteger('window', window, 4);
    this.#window = window;
    const counter = (size: number) => new Ngrams(size, window);
    this.#ngrams = [counter(1), counter(2), counter(3), counter(4)];
  }

  /** How many tokens were pushed and not popped. */
  get length(): number {
    return this.#tokens.length;
  }

  /**
   * Adds a token.
   *
   * @throws KelvinError INVALID_TOKEN, INVALID_ARGUMENT; nothing is added
   */
  push({ token, logprob, entropy, varentropy }: ScoredToken): void {
    checkTokens('token', [token], LARGEST_VOCABULARY);
    if (!(logprob <= 0 && logprob > -Infinity))
      throw new KelvinError(
        'INVALID_ARGUMENT',
        `logprob must be a number in (-Infinity, 0], got ${show(logprob)}`,
      );
    checkAmount('entropy', entropy);
    checkAmount('varentropy', varentropy);
    this.#tokens.push(token);
    this.#logprobs.push(logprob);
    this.#entropies.push(entropy);
    this.#varentropies.push(varentropy);
    this.#distances.push(entropy === undefined ? undefined : Math.abs(logprob + entropy));
    // Each is known by the shorter one that ended before this token.
    for (let size = 4; size > 1; size--)
      this.#ngrams[size - 1].push(this.#ngrams[size - 2].last(), token);
    this.#ngrams[0].push(0, token);
    this.#loops.push(token);
  }

  /**
   * Takes the last token back.
   *
   * @throws KelvinError INVALID_ARGUMENT where there is none
   */
  pop(): void {
    if (this.#tokens.pop() === undefined)
      throw new KelvinError('INVALID_ARGUMENT', 'no token to take back: the text is empty');
    const parts = [this.#logprobs, this.#entropies, this.#varentropies, this.#distances];
    for (const part of [...parts, ...this.#ngrams, this.#loops]) part.pop();
  }

  /** What the text, or the window at its end, shows. */
  read(): TextReadout {
    const coherence = this.#logprobs.mean(this.#window);
    const [one, two, three, four] = this.#ngrams.map(({ distinctness }) => distinctness);
    return {
      tokens: Math.min(this.#tokens.length, this.#window),
      surprisal: coherence === undefined ? undefined : 0 - coherence,
      perplexity: coherence === undefined ? undefined : exp(-coherence),
      coherence,
      distinct: { 1: one, 2: two, 3: three, 4: four },
      repetition: { 2: 1 - two, 3: 1 - three, 4: 1 - four },
      diversity: two * three * four,
      loop: this.#loops.loop,
      entropy: this.#entropies.mean(this.#window),
      varentropy: this.#varentropies.mean(this.#window),
      typicality: this.#distances.mean(this.#window),
    };
  }
}
