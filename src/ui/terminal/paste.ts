import type { Key } from 'ink';

/**
 * Gathers what a terminal says was pasted (bracketed paste, mode 2004). Ink's `useInput` hands its
 * two marks out as if they were typed, and what is between them in as many pieces as it was read in.
 */
export class Paste {
  #text: string | undefined;

  /** Whether the beginning of a paste has come, and not yet its end. */
  get isOpen(): boolean {
    return this.#text !== undefined;
  }

  /**
   * Takes an event that `useInput` tells.
   *
   * @returns the whole text where the event ends a paste, with `\n` for each line break; undefined
   *   otherwise
   */
  take(input: string, key: Key): string | undefined {
    if (input === BEGIN) this.#text = '';
    else if (this.#text !== undefined && input === END) {
      const text = this.#text.replace(/\r\n?/g, '\n');
      this.#text = undefined;
      return text;
    } else if (this.#text !== undefined) this.#text += piece(input, key);
    return undefined;
  }

  /** Forgets a paste whose end has not come. */
  drop(): void {
    this.#text = undefined;
  }
}

// What Ink leaves of the marks.
const BEGIN = '[200~';
const END = '[201~';

// A line break or a tab that is a piece by itself is told as a key; other keys are no text.
function piece(input: string, key: Key): string {
  if (key.return) return '\n';
  if (key.tab) return '\t';
  return key.ctrl || key.meta ? '' : input;
}
