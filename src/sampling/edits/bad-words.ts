import type { OptionRow } from '../option.ts';
import type { Edit } from '../stage.ts';
import { sequencesOption } from '../tokens-option.ts';
import type { MinNewTokensOptions } from './min-new-tokens.ts';
import { vocabularyCheck } from './vocabulary-check.ts';

type Sequence = readonly number[];

/** The option of the bad-words stage. */
export interface BadWordsOptions {
  /**
   * Token sequences that are never written: where the history ends in all of a sequence but its
   * last token, that token's logit becomes −Infinity. A sequence of one token bans it everywhere;
   * one that is nothing but an end token (`endTokens`) is ignored, or no text could end. A list of
   * lists of at least one id in the vocabulary, default empty.
   *
   * As in Hugging Face (`bad_words_ids`) and vLLM. A word may have several spellings as tokens:
   * only those given are banned.
   */
  badWords: readonly Sequence[];
}

const acting = ({ badWords, endTokens }: BadWordsOptions & MinNewTokensOptions) =>
  badWords.filter((word) => word.length > 1 || !endTokens.includes(word[0]));

/** Bans token sequences. */
export const badWords: Edit<BadWordsOptions & MinNewTokensOptions> = {
  name: 'badWords',
  kind: 'edit',
  options: {
    badWords: sequencesOption({ summary: 'token sequences that are never written' }),
  } satisfies Record<keyof BadWordsOptions, OptionRow>,
  active: (options) => acting(options).length > 0,
  start(options) {
    const check = vocabularyCheck('badWords', options.badWords.flat());
    const always: number[] = [];
    // By the token before the last one, so that a step looks only at those that may apply.
    const after = new Map<number, Sequence[]>();
    for (const word of acting(options)) {
      const before = word.at(-2);
      if (before === undefined) always.push(word[0]);
      else after.set(before, [...(after.get(before) ?? []), word]);
    }
    const history: number[] = [];
    const written = (word: Sequence) => {
      const prefix = word.length - 1;
      const start = history.length - prefix;
      for (let i = 0; i < prefix; i++) if (history[start + i] !== word[i]) return false;
      return true;
    };
    return {
      edit(scores) {
        check(scores.length);
        for (const token of always) scores[token] = -Infinity;
        for (const word of after.get(history.at(-1)!) ?? [])
          if (written(word)) scores[word.at(-1)!] = -Infinity;
      },
      accept(token) {
        history.push(token);
      },
    };
  },
};
