/** Tokens a second, over the last moments. */
export class Speed {
  readonly #marks: { readonly at: number; readonly count: number }[] = [];
  #count = 0;

  start(): void {
    this.#marks.length = 0;
    this.#count = 0;
    this.#marks.push({ at: performance.now(), count: 0 });
  }

  count(tokens: number): void {
    const now = performance.now();
    this.#count += tokens;
    this.#marks.push({ at: now, count: this.#count });
    while (this.#marks.length > 2 && now - this.#marks[1]!.at > MOMENT_MS) this.#marks.shift();
  }

  get tokensPerSecond(): number | undefined {
    const [first, last] = [this.#marks[0], this.#marks.at(-1)];
    if (!first || !last || last.at === first.at) return undefined;
    return ((last.count - first.count) / (last.at - first.at)) * 1000;
  }
}

const MOMENT_MS = 2000;
