/**
 * Turns tokens into text as they come, exactly: the pieces joined equal the whole text decoded at
 * once, and a character whose bytes are spread over several tokens appears when it is complete.
 *
 * Each token is decoded behind the tokens before it, because a decoder may treat the first token
 * of a text differently. Only as many tokens are decoded again as the last complete character
 * needs, so the cost per token does not grow with the text.
 *
 * @example
 * const stream = new TextStream((tokens) => tokenizer.decode(tokens), promptTokens);
 * process.stdout.write(stream.push(token));
 */
export class TextStream {
  readonly #decode: (tokens: readonly number[]) => string;
  /** Tokens decoded again: the last complete piece of text, then what is not complete yet. */
  #window: number[];
  /** How many of them were complete. */
  #complete: number;
  /** How much of the window's text is out. */
  #shown: number;

  /** @param context tokens that came before, such as the prompt; their text is not repeated */
  constructor(decode: (tokens: readonly number[]) => string, context: readonly number[] = []) {
    this.#decode = decode;
    this.#window = context.slice(-CONTEXT);
    this.#complete = this.#window.length;
    this.#shown = decode(this.#window).length;
  }

  /** The text this token completes; '' while a character is still in parts. */
  push(token: number): string {
    this.#window.push(token);
    const text = this.#decode(this.#window);
    if (!text.endsWith(REPLACEMENT)) {
      const piece = text.slice(this.#shown);
      // A piece without text (a special token) must not become the whole context of the next.
      if (piece !== '') {
        this.#window = this.#window.slice(this.#complete);
        this.#complete = this.#window.length;
        this.#shown = this.#decode(this.#window).length;
      }
      return piece;
    }
    // More bytes can only change the last replacement character; what is before it is final.
    const end = Math.max(this.#shown, text.length - REPLACEMENT.length);
    const piece = text.slice(this.#shown, end);
    this.#shown = end;
    return piece;
  }

  /** What is left at the end of the text: a character that was never completed. */
  flush(): string {
    const piece = this.#decode(this.#window).slice(this.#shown);
    this.#shown += piece.length;
    return piece;
  }
}

const REPLACEMENT = '\uFFFD';
// A character has at most four bytes, hence at most four tokens; twice that is on the safe side.
const CONTEXT = 8;
