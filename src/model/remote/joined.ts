import { bytesOf, type TokenEngine } from './engine.ts';

/** A character has no more bytes, and so no more tokens. */
const LONGEST = 4;
const REPLACEMENT = '\uFFFD';

/**
 * Characters that are spread over several tokens, where an engine tells of texts and not of bytes:
 * it is asked for the text of such tokens together.
 */
export class Joined {
  readonly #text: NonNullable<TokenEngine['text']>;
  readonly #texts = new Map<string, string>();

  constructor(text: NonNullable<TokenEngine['text']>) {
    this.#text = text;
  }

  /** Asks for the characters that begin with a part of one. */
  async learn(
    tokens: readonly number[],
    isPart: (token: number) => boolean,
    signal?: AbortSignal,
  ): Promise<void> {
    for (const [start, token] of tokens.entries()) {
      if (!isPart(token)) continue;
      for (let length = 2; length <= LONGEST; length++) {
        const run = tokens.slice(start, start + length);
        if (run.length < length) break;
        const key = String(run);
        const text = this.#texts.get(key) ?? (await this.#text(run, signal));
        this.#texts.set(key, text);
        if (!text.includes(REPLACEMENT)) break;
      }
    }
  }

  /** The longest character, or beginning of one, that tokens begin with; undefined for none. */
  at(
    tokens: readonly number[],
    start: number,
  ): { readonly bytes: Uint8Array; readonly length: number } | undefined {
    for (let length = LONGEST; length >= 2; length--) {
      const text = this.#texts.get(String(tokens.slice(start, start + length)));
      // Of bytes that do not belong together each has a replacement.
      if (text !== undefined && (text === REPLACEMENT || !text.includes(REPLACEMENT)))
        return { bytes: bytesOf(text), length };
    }
    return undefined;
  }
}
