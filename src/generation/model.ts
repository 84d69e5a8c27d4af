import type { ModelInfo } from '../model/info.ts';
import type { PromptProgress } from '../model/sequence.ts';
import type { Message } from '../model/tokenizer.ts';
import type { TextCalibration } from './calibrate.ts';

import type { Expedition, Order, Report } from './explorer/messages.ts';
import type { Read } from './score.ts';
import type { Request } from './settings.ts';
import type { Step, Summary } from './step.ts';

/** Something that writes text: the seam for every backend. */
export interface Model {
  readonly info: ModelInfo;
  /** Token ids of a text, as the model's tokenizer makes them. */
  encode(text: string): Promise<number[]>;
  /** Text of token ids, special tokens left out. @throws KelvinError `INVALID_TOKEN` */
  decode(tokens: readonly number[]): Promise<string>;
  /**
   * Token ids of a conversation up to where the model answers, as its own chat template has it: a
   * prompt for `generate`.
   *
   * @throws KelvinError `MODEL_UNSUPPORTED` where `info.chat` is false, `INVALID_ARGUMENT` for
   *   messages that are none or that the template refuses
   */
  template(messages: readonly Message[]): Promise<number[]>;
  /** Runs the loop where the model lives; use `generate`, which checks the options first. */
  run(
    request: Request,
    signal: AbortSignal,
    progress?: PromptProgress,
  ): AsyncGenerator<Step, Summary, void>;
  /**
   * Reads a text, and tells of each of its tokens how likely the model found it. One that is longer
   * than the model's context is read in windows of it, each half a context behind the one before;
   * every token is told of once.
   *
   * @throws KelvinError `INVALID_TOKEN`
   */
  score(text: string | readonly number[], signal?: AbortSignal): AsyncGenerator<Read, void>;
  /**
   * Finds the temperature at which the model explains a text best, reading it as `score` does.
   *
   * @param progress is told how many tokens were read, and of how many
   * @throws KelvinError `INVALID_TOKEN`; `INVALID_ARGUMENT` for a text of a single token
   */
  calibrate(
    text: string | readonly number[],
    signal?: AbortSignal,
    progress?: PromptProgress,
  ): Promise<TextCalibration>;
  /** Explores what may come after a prompt; use `explore`, which checks the options first. */
  explore(expedition: Expedition, listen: (report: Report | Error) => void): Explorable;
  /** Ends what is running and frees the model. */
  dispose(): Promise<void>;
}

/** The near end of an explorer. */
export interface Explorable {
  order(order: Order): void;
  close(): void;
}
