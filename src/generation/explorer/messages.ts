import type { SamplingOptions } from '../../sampling/index.ts';
import type { PlainError } from '../plain-error.ts';
import type { Read } from '../score.ts';
import type { Written } from './view.ts';

/** What an explorer is started with. */
export interface Expedition {
  readonly prompt: string | readonly number[];
  /** The first settings, number 0. */
  readonly sampling: SamplingOptions;
}

/** What an explorer is told; a `ticket` ties an answer to a question. */
export type Order =
  /** From here on, for what is written and what is looked at: the next number. */
  | { readonly type: 'settings'; readonly sampling: SamplingOptions }
  | { readonly type: 'play'; readonly from: number; readonly count: number }
  /** At most so many tokens a second; Infinity as fast as they come. */
  | { readonly type: 'pace'; readonly pace: number }
  | { readonly type: 'pause' }
  | Question;

export type Question =
  | {
      readonly type: 'choose';
      readonly ticket: number;
      readonly node: number;
      readonly token: number;
    }
  | { readonly type: 'look'; readonly ticket: number; readonly node: number; readonly top: number }
  | { readonly type: 'marks'; readonly ticket: number; readonly node: number }
  | {
      readonly type: 'explain';
      readonly ticket: number;
      readonly node: number;
      readonly token: number;
      readonly top: number;
    };

/**
 * Why no more is written: it was asked to pause, has written what it was asked for, met an end token,
 * or the model's context is full.
 */
export type Pause = 'asked' | 'count' | 'end' | 'context' | 'failed';

/** What an explorer reports. */
export type Report =
  /** The prompt's tokens; their logprobs are for `score` to find. */
  | { readonly type: 'opened'; readonly prompt: readonly Read[] }
  | { readonly type: 'read'; readonly read: number; readonly total: number }
  /** The prompt is read. */
  | { readonly type: 'ready' }
  | { readonly type: 'wrote'; readonly entries: readonly Written[] }
  | { readonly type: 'paused'; readonly pause: Pause; readonly error?: PlainError }
  | { readonly type: 'answer'; readonly ticket: number; readonly value: unknown }
  | { readonly type: 'refusal'; readonly ticket: number; readonly error: PlainError };
