import type { FinishReason, Step, Summary } from '../generation/step.ts';
import { chatLogprobs, completionLogprobs } from './logprobs.ts';

/** How the texts of a route are told: OpenAI's two ways. */
export interface Shape {
  /** What the ids of its answers begin with. */
  readonly prefix: string;
  /** What an answer is called, and a piece of one. */
  readonly object: string;
  readonly chunk: string;
  /** A whole text; `steps` are there where log probabilities are. */
  whole(summary: Summary, steps: readonly Step[], logprobs: number | undefined): object;
  /** What comes before the first piece of a text. */
  head(): object | undefined;
  /** A piece of it, that begins so many characters into the text. */
  piece(step: Step, logprobs: number | undefined, offset: number): object;
  /** What says why it ended. */
  tail(summary: Summary): object;
}

const REASONS: Readonly<Record<FinishReason, string>> = {
  end: 'stop',
  stop: 'stop',
  length: 'length',
  context: 'length',
  abort: 'length',
};
const ending = ({ finishReason, seed }: Summary) => ({
  finish_reason: REASONS[finishReason],
  // Not OpenAI's: with it, the text can be had again.
  seed,
});

const content = (steps: readonly Step[], logprobs: number | undefined) =>
  logprobs === undefined
    ? null
    : { content: steps.map((step) => chatLogprobs(step, logprobs)), refusal: null };

export const chat: Shape = {
  prefix: 'chatcmpl',
  object: 'chat.completion',
  chunk: 'chat.completion.chunk',
  whole: (summary, steps, logprobs) => ({
    message: { role: 'assistant', content: summary.text, refusal: null },
    logprobs: content(steps, logprobs),
    ...ending(summary),
  }),
  head: () => ({
    delta: { role: 'assistant', content: '', refusal: null },
    logprobs: null,
    finish_reason: null,
  }),
  piece: (step, logprobs) => ({
    delta: { content: step.text },
    logprobs: content([step], logprobs),
    finish_reason: null,
  }),
  tail: (summary) => ({ delta: {}, logprobs: null, ...ending(summary) }),
};

const listed = (steps: readonly Step[], logprobs: number | undefined, offset: number) =>
  logprobs === undefined ? null : completionLogprobs(steps, logprobs, offset);

export const completion: Shape = {
  prefix: 'cmpl',
  object: 'text_completion',
  chunk: 'text_completion',
  whole: (summary, steps, logprobs) => ({
    text: summary.text,
    logprobs: listed(steps, logprobs, 0),
    ...ending(summary),
  }),
  head: () => undefined,
  piece: (step, logprobs, offset) => ({
    text: step.text,
    logprobs: listed([step], logprobs, offset),
    finish_reason: null,
  }),
  tail: (summary) => ({ text: '', logprobs: null, ...ending(summary) }),
};
