import { integerOption, type OptionRow } from '../option.ts';
import type { Edit } from '../stage.ts';
import { tokensOption } from '../tokens-option.ts';
import { vocabularyCheck } from './vocabulary-check.ts';

/** The options of the min-new-tokens stage. */
export interface MinNewTokensOptions {
  /**
   * The token ids that end a text. A sampler's part in that is to hold them back where
   * `minNewTokens` says so, and to ignore a sequence of `badWords` that is nothing but one of them:
   * whoever draws the tokens must stop at one, as `generate` does, where the model's own are the
   * default. A list of ids in the vocabulary, default empty.
   */
  endTokens: readonly number[];
  /**
   * n: the end tokens are banned (−Infinity) until n tokens were drawn, that is while the step is
   * below n. An integer ≥ 0, default 0. Refused without `endTokens`, as it could not act.
   *
   * As in Hugging Face (`min_new_tokens`) and vLLM (`min_tokens`).
   */
  minNewTokens: number;
}

/** Keeps a text from ending too soon. */
export const minNewTokens: Edit<MinNewTokensOptions> = {
  name: 'minNewTokens',
  kind: 'edit',
  options: {
    endTokens: tokensOption({ default: [], summary: 'the token ids that end a text' }),
    minNewTokens: integerOption({
      min: 0,
      default: 0,
      summary: 'how many tokens to draw before an end token may be (0 = off)',
    }),
  } satisfies Record<keyof MinNewTokensOptions, OptionRow>,
  active: ({ minNewTokens }) => minNewTokens > 0,
  start({ endTokens, minNewTokens }) {
    const check = vocabularyCheck('endTokens', endTokens);
    return {
      edit(scores, step) {
        check(scores.length);
        if (step < minNewTokens) for (const token of endTokens) scores[token] = -Infinity;
      },
    };
  },
};
