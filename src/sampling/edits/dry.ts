import { log } from '../log.ts';
import { integerOption, numberOption, type OptionRow, recordOption } from '../option.ts';
import type { Edit } from '../stage.ts';
import { tokensOption } from '../tokens-option.ts';
import { clampFinite, LARGEST } from './clamp.ts';
import { SuffixAutomaton } from './suffix-automaton.ts';
import { vocabularyCheck } from './vocabulary-check.ts';

/** The option of the DRY stage. */
export interface DryOptions {
  /**
   * DRY, "don't repeat yourself": a token that would lengthen a repetition loses
   * multiplier · base^(L − allowedLength) nats, where L is the most tokens for which the end of the
   * history, prompt included, also stands directly before an earlier occurrence of the token;
   * nothing where L < allowedLength. Absent (the default) it is off.
   *
   * As in llama.cpp (defaults and formula), koboldcpp and text-generation-webui. llama.cpp limits
   * the exponent so that Float32 does not overflow; here the logit stays finite instead.
   */
  dry: Dry | undefined;
}

/** Members of `dry`; those with a default may be left out. */
export interface Dry {
  /** In [0, Infinity); 0 is off. Must be given. */
  readonly multiplier: number;
  /** In [1, Infinity), default 1.75. */
  readonly base?: number;
  /** Repetitions up to this many tokens cost nothing. An integer ≥ 1, default 2. */
  readonly allowedLength?: number;
  /**
   * Token ids that end a repetition, such as those of line ends and quotes: no match reaches across
   * one, and they are never penalised themselves. Default none; llama.cpp's are `\n`, `:`, `"`, `*`.
   */
  readonly sequenceBreakers?: readonly number[];
}

/** The match length from which on every penalty is beyond what Float32 can tell apart. */
function saturation({ multiplier, base, allowedLength }: Required<Dry>): number {
  if (base === 1) return allowedLength;
  return allowedLength + Math.max(0, Math.ceil(log((2 * LARGEST) / multiplier) / log(base)) + 1);
}

/** DRY (p-e-w 2024, text-generation-webui PR 5677). */
export const dry: Edit<DryOptions> = {
  name: 'dry',
  kind: 'edit',
  options: {
    dry: recordOption({
      summary: 'penalise tokens that would lengthen a repetition',
      members: {
        multiplier: numberOption({
          min: 0,
          max: Infinity,
          openMax: true,
          default: undefined,
          summary: 'the penalty of the shortest repetition that counts (0 = off)',
        }),
        base: numberOption({
          min: 1,
          max: Infinity,
          openMax: true,
          default: 1.75,
          summary: 'by how much each further token multiplies it',
        }),
        allowedLength: integerOption({
          min: 1,
          default: 2,
          summary: 'how many tokens may be repeated before it starts',
        }),
        sequenceBreakers: tokensOption({
          default: [],
          summary: 'token ids that end a repetition',
        }),
      } satisfies Record<keyof Dry, OptionRow>,
    }),
  } satisfies Record<keyof DryOptions, OptionRow>,
  active: ({ dry }) => dry !== undefined && dry.multiplier > 0,
  start({ dry }) {
    // The option's row has filled in the defaults.
    const checked = dry as Required<Dry>;
    const { multiplier, base, allowedLength, sequenceBreakers } = checked;
    const check = vocabularyCheck('dry.sequenceBreakers', sequenceBreakers);
    const breakers = new Set(sequenceBreakers);
    const text = new SuffixAutomaton(allowedLength, saturation(checked));
    // By products, as no engine's power function need give the same bits as another's.
    const penalties = [multiplier];
    const penalty = (excess: number) => {
      while (penalties.length <= excess) penalties.push(penalties.at(-1)! * base);
      return penalties[excess];
    };
    return {
      edit(scores) {
        check(scores.length);
        text.followers((token, length) => {
          const x = scores[token];
          scores[token] = clampFinite(x, x - penalty(length - allowedLength));
        });
      },
      accept(token) {
        if (breakers.has(token)) text.restart();
        else text.extend(token);
      },
    };
  },
};
