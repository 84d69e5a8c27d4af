import type { SamplingOptions } from '../../sampling/index.ts';
import type { ResponseFormat } from '../response-format.ts';
import type { FinishReason, StepCandidate } from '../step.ts';

/** Which model wrote something, and what it can be told from another by. */
export interface RecordedModel {
  readonly name: string;
  /** The folder it was in. */
  readonly path: string;
  readonly dtype: string;
  /** Size of its graph and weights. */
  readonly bytes: number;
}

/** A token as it was written; the names are those of `Step`. */
export interface RecordedStep {
  /** Where in the file, from 1. */
  readonly line: number;
  readonly index: number;
  readonly token: number;
  readonly text: string;
  readonly logprob: number;
  readonly shapedLogprob: number;
  readonly entropy: number;
  readonly choices: number;
  readonly rank: number;
  /** By a person. */
  readonly chosen?: boolean | undefined;
  readonly top?: readonly StepCandidate[] | undefined;
}

/** What is new in one of the texts after a prompt. */
export interface RecordedBranch {
  /** It begins with the first `index` tokens of a branch before it; absent for the first one. */
  readonly from?: { readonly branch: number; readonly index: number };
  readonly steps: readonly (RecordedStep & { readonly settings: SamplingOptions })[];
}

/** What was tried after a prompt. */
export interface RecordedSession {
  readonly kind: 'session';
  readonly model: RecordedModel;
  readonly prompt: { readonly text: string; readonly tokens: readonly number[] };
  readonly branches: readonly RecordedBranch[];
  /** The branch that was on the screen last. */
  readonly current: number;
}

/** What `kelvin generate --json` wrote. */
export interface RecordedGeneration {
  readonly kind: 'generation';
  readonly model: RecordedModel;
  readonly prompt: string;
  readonly steps: readonly RecordedStep[];
  readonly sampling: SamplingOptions;
  readonly maxTokens: number;
  readonly stop: readonly string[];
  readonly responseFormat: ResponseFormat;
  readonly top: number;
  readonly summary: {
    readonly line: number;
    readonly text: string;
    readonly finishReason: FinishReason;
    readonly stop?: string | undefined;
    readonly promptTokens: number;
    readonly tokens: number;
    readonly seed: number;
  };
}

export type Recorded = RecordedSession | RecordedGeneration;
