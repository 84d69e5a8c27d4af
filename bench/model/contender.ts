import type { Model } from './models.ts';

/** Someone who runs a model, in a process of its own; what it cannot do is absent. */
export interface Contender {
  /** Reads a prompt and writes so many tokens, drawn with `sampling`; tells of each. */
  generate?(prompt: readonly number[], count: number, written: () => void): Promise<void>;
  /** The same for several prompts at once. */
  batch?(prompts: readonly number[][], count: number): Promise<void>;
  /** Forgets the text. */
  reset?(): void | Promise<void>;
  /** Appends tokens to the text. @returns the logits behind the last one */
  extend?(tokens: readonly number[]): Promise<Float32Array>;
  /** Writes as in the product, sampling and statistics included: milliseconds, prompt left out. */
  loop?(prompt: readonly number[], count: number): Promise<LoopTime>;
}

/** What the steps of a text took, and how much of it `session.run` did. */
export interface LoopTime {
  readonly total: number;
  readonly run: number;
}

export type Open = (model: Model, threads: number) => Promise<Contender>;

/** What is drawn is the same for all: temperature and top-k are what all of them have. */
export const sampling = { temperature: 0.8, topK: 50 } as const;
