/**
 * Watches a text that comes in pieces for the first of several strings to be completed; among
 * those completed by the same character, the longest. The text that is shown is therefore the
 * same however it is cut into pieces. Text that may yet turn out to be the beginning of a stop
 * string is held back, so nothing of one ever leaks.
 */
export class StopStrings {
  readonly #stops: readonly string[];
  #held = '';

  /** @param stops non-empty strings */
  constructor(stops: readonly string[]) {
    this.#stops = stops;
  }

  /** The text that may be shown, and the stop string that ends it, if one was met. */
  push(piece: string): { text: string; stop?: string } {
    const text = this.#held + piece;
    const found = this.#first(text);
    if (found) {
      this.#held = '';
      return { text: text.slice(0, found.start), stop: found.stop };
    }
    const keep = Math.max(0, ...this.#stops.map((stop) => overlap(text, stop)));
    this.#held = text.slice(text.length - keep);
    return { text: text.slice(0, text.length - keep) };
  }

  /** What was held back, once the text has ended without completing a stop string. */
  flush(): string {
    const text = this.#held;
    this.#held = '';
    return text;
  }

  #first(text: string): { start: number; stop: string } | undefined {
    return this.#stops
      .map((stop) => ({ start: text.indexOf(stop), end: text.indexOf(stop) + stop.length, stop }))
      .filter(({ start }) => start >= 0)
      .sort((a, b) => a.end - b.end || a.start - b.start)[0];
  }
}

/** Length of the longest end of `text` that `stop` begins with, `stop` itself excluded. */
function overlap(text: string, stop: string): number {
  let length = Math.min(text.length, stop.length - 1);
  while (length > 0 && !text.endsWith(stop.slice(0, length))) length -= 1;
  return length;
}
