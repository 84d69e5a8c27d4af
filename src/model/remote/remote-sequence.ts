import type { PromptProgress } from '../sequence.ts';
import type { TextSequence } from '../text-model.ts';

/** Asks for the row that follows some tokens. */
export type Ask = (tokens: readonly number[], signal?: AbortSignal) => Promise<Float32Array>;

/** One text on its way through an engine, which keeps what it has read of it by itself. */
export class RemoteSequence implements TextSequence {
  readonly #ask: Ask;
  readonly #tokens: number[];

  constructor(ask: Ask, tokens: readonly number[] = []) {
    this.#ask = ask;
    this.#tokens = [...tokens];
  }

  get tokens(): readonly number[] {
    return this.#tokens;
  }

  get length(): number {
    return this.#tokens.length;
  }

  async decode(
    tokens: readonly number[],
    signal?: AbortSignal,
    progress?: PromptProgress,
  ): Promise<Float32Array> {
    const row = await this.#ask([...this.#tokens, ...tokens], signal);
    for (const token of tokens) this.#tokens.push(token);
    progress?.(tokens.length, tokens.length);
    return row;
  }

  truncate(length: number): void {
    this.#tokens.length = length;
  }

  fork(): RemoteSequence {
    return new RemoteSequence(this.#ask, this.#tokens);
  }

  release(): void {}
}
