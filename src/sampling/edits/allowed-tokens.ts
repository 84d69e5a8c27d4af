import type { OptionRow } from '../option.ts';
import type { Edit } from '../stage.ts';
import { tokensOption } from '../tokens-option.ts';
import { vocabularyCheck } from './vocabulary-check.ts';

/** The option of the allowed-tokens stage. */
export interface AllowedTokensOptions {
  /**
   * The only token ids that may be drawn: every other logit becomes −Infinity. A list of at least
   * one id in the vocabulary; absent (the default) all are allowed.
   *
   * vLLM's `allowed_token_ids`.
   */
  allowedTokens: readonly number[] | undefined;
}

/** Leaves nothing of the vocabulary but some tokens. */
export const allowedTokens: Edit<AllowedTokensOptions> = {
  name: 'allowedTokens',
  kind: 'edit',
  options: {
    allowedTokens: tokensOption({
      filled: true,
      default: undefined,
      summary: 'the only token ids that may be drawn',
    }),
  } satisfies Record<keyof AllowedTokensOptions, OptionRow>,
  active: ({ allowedTokens }) => allowedTokens !== undefined,
  start({ allowedTokens = [] }) {
    const check = vocabularyCheck('allowedTokens', allowedTokens);
    const saved = new Float32Array(allowedTokens.length);
    return {
      edit(scores) {
        check(scores.length);
        for (let i = 0; i < saved.length; i++) saved[i] = scores[allowedTokens[i]];
        scores.fill(-Infinity);
        for (let i = 0; i < saved.length; i++) scores[allowedTokens[i]] = saved[i];
      },
    };
  },
};
