import { integerOption, type OptionRow } from '../option.ts';
import type { Edit } from '../stage.ts';
import { SuffixAutomaton } from './suffix-automaton.ts';

/** The option of the no-repeat-ngram stage. */
export interface NoRepeatNgramOptions {
  /**
   * n: a token's logit becomes −Infinity if the last n − 1 tokens and it together are already
   * somewhere in the history, prompt included; 1 bans every token seen. An integer ≥ 0, default
   * 0 = off.
   *
   * As in Hugging Face (`no_repeat_ngram_size`), transformers.js and fairseq.
   */
  noRepeatNgramSize: number;
}

/** Bans every n-gram the text has already had (Paulus et al. 2017, arXiv:1705.04304). */
export const noRepeatNgram: Edit<NoRepeatNgramOptions> = {
  name: 'noRepeatNgram',
  kind: 'edit',
  options: {
    noRepeatNgramSize: integerOption({
      min: 0,
      default: 0,
      summary: 'never write the same n tokens twice (0 = off)',
    }),
  } satisfies Record<keyof NoRepeatNgramOptions, OptionRow>,
  active: ({ noRepeatNgramSize }) => noRepeatNgramSize > 0,
  start({ noRepeatNgramSize }) {
    const text = new SuffixAutomaton(noRepeatNgramSize - 1, noRepeatNgramSize - 1);
    return {
      edit(scores) {
        text.followers((token) => {
          scores[token] = -Infinity;
        });
      },
      accept: (token) => text.extend(token),
    };
  },
};
