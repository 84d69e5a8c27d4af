import type { Summary } from '../generation/step.ts';

/** What a request took, once all its texts have ended. */
export function usageOf(summaries: readonly Summary[], n: number) {
  // The n texts of a prompt share it.
  const prompts = summaries.filter((_, choice) => choice % n === 0);
  const sum = (list: readonly Summary[], key: 'promptTokens' | 'tokens' | 'reusedTokens') =>
    list.reduce((total, summary) => total + summary[key], 0);
  const [prompt, completion] = [sum(prompts, 'promptTokens'), sum(summaries, 'tokens')];
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: sum(prompts, 'reusedTokens') },
  };
}
