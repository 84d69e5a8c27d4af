import type { ModelInfo } from './info.ts';
import type { PromptProgress } from './sequence.ts';
import type { Message, Tokenizer } from './tokenizer.ts';

/** What turns tokens into rows of logits: a model in this thread, or an engine elsewhere. */
export interface TextModel {
  readonly info: ModelInfo;
  readonly tokenizer: TextTokenizer;
  /** A sequence for a prompt; at least the prompt's last token is not in it. */
  sequence(prompt?: readonly number[]): TextSequence;
  /** An empty sequence that never shares a run, nor what another one has read. */
  lonelySequence(): TextSequence;
  /** Keeps a sequence for prompts that go on from it. */
  give(sequence: TextSequence, prompt: number): void;
  /** What is known of a row it gave; undefined where that is everything. */
  sight(row: Float32Array): Sight | undefined;
  dispose(): Promise<void>;
}

/** A tokenizer that may have to ask somebody; what it has been told once, it tells at once. */
export interface TextTokenizer extends Pick<Tokenizer, 'decode' | 'label'> {
  encode(text: string): number[] | Promise<number[]>;
  readonly template: ((messages: readonly Message[]) => number[] | Promise<number[]>) | undefined;
  /** Finds out what is needed to `decode` and `label` tokens. */
  learn?(tokens: readonly number[], signal?: AbortSignal): Promise<void>;
}

/** One text on its way through a model. */
export interface TextSequence {
  readonly tokens: readonly number[];
  readonly length: number;
  decode(
    tokens: readonly number[],
    signal?: AbortSignal,
    progress?: PromptProgress,
  ): Promise<Float32Array>;
  truncate(length: number): void;
  fork(): TextSequence;
  release(): void;
}

/**
 * What is known of a row of log-probabilities of which only the likeliest tokens were told. The
 * others stand in it at their average; each of them is at most as likely as the least likely told.
 */
export interface Sight {
  /** The told tokens, likeliest first. */
  readonly tokens: readonly number[];
  /** ln p of the last of them. */
  readonly least: number;
  /** What the others have together, in [0, 1]. */
  readonly tail: number;
  /** How many others there are, or may at most be. */
  readonly others: number;
}
