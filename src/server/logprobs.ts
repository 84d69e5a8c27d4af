import type { Step } from '../generation/step.ts';

// JSON has no -Infinity; vLLM floors to this one too.
const FLOOR = -9999;
const floored = (logprob: number) => Math.max(FLOOR, logprob);

const REPLACEMENT = '\uFFFD';
const encoder = new TextEncoder();
/** The bytes of a token, or null where it is a part of a character. */
const bytesOf = (token: string) =>
  token.includes(REPLACEMENT) ? null : [...encoder.encode(token)];

const told = (token: string, logprob: number) => ({
  token,
  logprob: floored(logprob),
  bytes: bytesOf(token),
});

/** A token's log probabilities under the model alone, as chat completions have them. */
export function chatLogprobs({ label = '', logprob, rawTop = [] }: Step, top: number) {
  return {
    ...told(label, logprob),
    top_logprobs: rawTop.slice(0, top).map(({ text, logprob }) => told(text, logprob)),
  };
}

/** Those of several tokens, as completions have them. */
export function completionLogprobs(steps: readonly Step[], top: number, offset: number) {
  const offsets: number[] = [];
  for (const { text } of steps) {
    offsets.push(offset);
    offset += text.length;
  }
  return {
    tokens: steps.map(({ label = '' }) => label),
    token_logprobs: steps.map(({ logprob }) => floored(logprob)),
    // By text, as they are there: of several tokens with the same text the likeliest is told.
    top_logprobs: steps.map(({ label = '', logprob, rawTop = [] }) => {
      const entries = rawTop.slice(0, top).map(({ text, logprob }) => [text, floored(logprob)]);
      return Object.fromEntries([[label, floored(logprob)], ...entries.toReversed()]);
    }),
    text_offset: offsets,
  };
}
