/**
 * Turns tokens into text as they come, exactly: the pieces joined are the whole text decoded at
 * once, less what it shares with the context, and a character whose bytes are spread over several
 * tokens appears with the token that completes it.
 *
 * A token is decoded behind the tokens before it, because a decoder may treat the first token of
 * a text differently. A few are enough, so the cost per token does not grow with the text.
 */
export class TextStream {
  readonly #decode: (tokens: readonly number[]) => string;
  /** The last tokens, the context's included. */
  #window: number[];
  /** How much of the window's text is out, or was in the context. */
  #shown: number;
  /** The context ends in a replacement character, which is not ours unless we complete it. */
  #inherited: boolean;

  /**
   * @param decode text of token ids; where bytes make no character yet, U+FFFD
   * @param context tokens that came before, such as the prompt; their text is not repeated
   */
  constructor(decode: (tokens: readonly number[]) => string, context: readonly number[] = []) {
    this.#decode = decode;
    this.#window = [...context];
    const text = decode(this.#window);
    this.#shown = settled(text);
    this.#inherited = isOpen(text);
    this.#trim(text);
  }

  /** The text this token completes; '' while a character is still in parts. */
  push(token: number): string {
    this.#window.push(token);
    const text = this.#decode(this.#window);
    const piece = this.#take(text, settled(text));
    this.#trim(text);
    return piece;
  }

  /** What is left at the end of the text: a character that was never completed. */
  flush(): string {
    const text = this.#decode(this.#window);
    return this.#take(text, text.length);
  }

  #take(text: string, end: number): string {
    if (this.#inherited && end > this.#shown) {
      this.#inherited = false;
      if (text[this.#shown] === REPLACEMENT) this.#shown += 1;
    }
    const piece = text.slice(this.#shown, end);
    this.#shown = end;
    return piece;
  }

  #trim(text: string): void {
    if (this.#window.length < (isOpen(text) ? LONGEST : 2 * KEPT)) return;
    const tail = this.#window.slice(-KEPT);
    const kept = this.#decode(tail);
    // Tokens without text (special ones) are no context to decode behind.
    if (kept === '') return;
    this.#window = tail;
    this.#shown = settled(kept);
  }
}

const REPLACEMENT = '\uFFFD';
const KEPT = 8;
// Bytes that never make a character are given up on: what is open never needs more than the last
// three of them.
const LONGEST = 32;

const isOpen = (text: string): boolean => text.endsWith(REPLACEMENT);

/** Length of what no further token can change: more bytes change at most one last U+FFFD. */
const settled = (text: string): number => text.length - (isOpen(text) ? REPLACEMENT.length : 0);
