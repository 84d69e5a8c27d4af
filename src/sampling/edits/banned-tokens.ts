import type { OptionRow } from '../option.ts';
import type { Edit } from '../stage.ts';
import { tokensOption } from '../tokens-option.ts';
import { vocabularyCheck } from './vocabulary-check.ts';

/** The option of the banned-tokens stage. */
export interface BannedTokensOptions {
  /**
   * Token ids that are never drawn: their logits become −Infinity. A list of ids in the
   * vocabulary, default empty.
   *
   * Hugging Face's `suppress_tokens`; elsewhere a logit bias of −Infinity.
   */
  bannedTokens: readonly number[];
}

/** Takes tokens out of the vocabulary. */
export const bannedTokens: Edit<BannedTokensOptions> = {
  name: 'bannedTokens',
  kind: 'edit',
  options: {
    bannedTokens: tokensOption({ default: [], summary: 'token ids that are never drawn' }),
  } satisfies Record<keyof BannedTokensOptions, OptionRow>,
  active: ({ bannedTokens }) => bannedTokens.length > 0,
  start({ bannedTokens }) {
    const check = vocabularyCheck('bannedTokens', bannedTokens);
    return {
      edit(scores) {
        check(scores.length);
        for (const token of bannedTokens) scores[token] = -Infinity;
      },
    };
  },
};
