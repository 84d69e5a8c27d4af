import type { PromptProgress } from '../model/sequence.ts';
import type { SamplingOptions } from '../sampling/index.ts';
import { integerOption } from '../sampling/option.ts';
import type { ResponseFormat } from './response-format.ts';

/**
 * Options of `generate`: the sampler's own, what the text must be, and when to stop. A `constraint` is not among them, as
 * an object's methods cannot follow to the thread the model runs in: use a `Sampler`.
 */
export interface GenerateOptions extends Omit<SamplingOptions, 'constraint'> {
  /** Most tokens to write; integer ≥ 0. The model's `max_new_tokens`, else 256, if absent. */
  maxTokens?: number;
  /**
   * Strings that end the text and are not part of it; non-empty. Of several the one completed
   * first counts, of those completed by the same character the longest.
   */
  stop?: string | readonly string[];
  /**
   * What the text must be: `{ type: 'json' }` an object of JSON, with a `schema` a value that fits
   * it; `{ type: 'text' }`, or absent, anything. What the other options say acts on the tokens that
   * may come next; of those the end tokens are one where the value is complete. A text that meets
   * `maxTokens`, a stop string or the end of the context before that is cut off as any other.
   */
  responseFormat?: ResponseFormat;
  /** How many of the likeliest tokens each step tells of; integer ≥ 0, 0 if absent. */
  top?: number;
  /**
   * How many of the tokens that are likeliest under the model alone each step tells of; integer
   * ≥ 0, 0 if absent. Costs a pass over the logits.
   */
  rawTop?: number;
  /** Ends the text between two tokens; what was written stays. */
  signal?: AbortSignal;
  /** Called as the prompt is read, with how many of its tokens have been and how many there are. */
  progress?: PromptProgress;
}

export const maxTokensOption = integerOption({
  min: 0,
  default: 256,
  summary: 'the most tokens to write',
});

export const topOption = integerOption({
  min: 0,
  default: 0,
  summary: 'tell the n likeliest tokens of each step',
});

export const rawTopOption = integerOption({
  min: 0,
  default: 0,
  summary: 'tell the n tokens of each step that are likeliest under the model alone',
});
