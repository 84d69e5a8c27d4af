import type { ModelInfo } from '../model/info.ts';
import type { LoadOptions, ModelPart } from '../model/load-options.ts';
import type { Message } from '../model/tokenizer.ts';
import type { Expedition, Order, Report } from './explorer/messages.ts';
import type { PlainError } from './plain-error.ts';
import type { Read } from './score.ts';
import type { Request } from './settings.ts';
import type { Step, Summary } from './step.ts';

/** What the worker is started with. */
export interface WorkerInput {
  readonly name: string | undefined;
  readonly options: Omit<LoadOptions, 'progress'>;
  /** See ExitGate. */
  readonly gate: SharedArrayBuffer;
}

/** Commands to the thread that owns the model; `id` ties answers to them. */
export type Command =
  | {
      readonly type: 'generate';
      readonly id: number;
      readonly request: Request;
      /** Aborted before it began: a command of its own might come a token too late. */
      readonly aborted: boolean;
    }
  /** The reader took so many steps: as many more may be made ahead of it. */
  | { readonly type: 'taken'; readonly id: number; readonly count: number }
  | { readonly type: 'score'; readonly id: number; readonly text: string | readonly number[] }
  | { readonly type: 'calibrate'; readonly id: number; readonly text: string | readonly number[] }
  | { readonly type: 'explore'; readonly id: number; readonly expedition: Expedition }
  /** To the explorer of that number. */
  | { readonly type: 'order'; readonly id: number; readonly order: Order }
  | { readonly type: 'abort'; readonly id: number }
  | { readonly type: 'encode'; readonly id: number; readonly text: string }
  | { readonly type: 'decode'; readonly id: number; readonly tokens: readonly number[] }
  | { readonly type: 'template'; readonly id: number; readonly messages: readonly Message[] }
  | { readonly type: 'dispose'; readonly id: number };

/** Its answers. */
export type Reply =
  | { readonly type: 'ready'; readonly info: ModelInfo }
  | { readonly type: 'unready'; readonly error: PlainError }
  /** Before `ready`: a part of the model is there. */
  | { readonly type: 'loaded'; readonly part: ModelPart }
  | { readonly type: 'read'; readonly id: number; readonly read: number; readonly total: number }
  | { readonly type: 'step'; readonly id: number; readonly step: Step }
  | { readonly type: 'scored'; readonly id: number; readonly reads: readonly Read[] }
  | { readonly type: 'report'; readonly id: number; readonly report: Report }
  | { readonly type: 'summary'; readonly id: number; readonly summary: Summary }
  | { readonly type: 'value'; readonly id: number; readonly value: unknown }
  | { readonly type: 'failed'; readonly id: number; readonly error: PlainError };

/** Steps the worker may be ahead of the reader: enough to hide the hop between threads. */
export const AHEAD = 16;
