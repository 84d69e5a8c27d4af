import { integerOption, numberOption, type OptionRow } from '../option.ts';
import type { Edit } from '../stage.ts';
import { clampFinite, LARGEST } from './clamp.ts';
import { WindowCounts } from './window-counts.ts';

/** The options of the penalties stage. */
export interface PenaltiesOptions {
  /**
   * r: the logit x of every token id in the window becomes x < 0 ? x·r : x / r, once however
   * often it occurs. Above 1 discourages repetition, below 1 invites it, 1 is off. In
   * (0, Infinity), default 1.
   *
   * As in Hugging Face, llama.cpp, vLLM and mlx-lm; transformers.js 2 compounds it per
   * occurrence.
   */
  repetitionPenalty: number;
  /**
   * a: subtracted, in nats, from the logit of every token id in the window. Any finite number,
   * default 0. Applied after the repetition penalty, as in llama.cpp, vLLM and mlx-lm (web-llm
   * applies it before).
   */
  presencePenalty: number;
  /**
   * f: subtracted, in nats, from the logit of a token id once per occurrence in the window. Any
   * finite number, default 0. Applied after the repetition penalty.
   */
  frequencyPenalty: number;
  /**
   * How many of the latest tokens the three penalties look at: −1 = all of the history. An integer
   * ≥ −1 other than 0, which would switch them off; default −1. Refused where no penalty is set, as
   * it could not act.
   *
   * The history includes the prompt, as in Hugging Face; llama.cpp's window is 64 and mlx-lm's
   * 20; vLLM counts presence and frequency in the output alone.
   */
  penaltyWindow: number;
}

/** Finite, so that an infinite penalty of the other sign cannot make NaN of it. */
const hold = (x: number) => Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, x));

/**
 * Repetition penalty (Keskar et al. 2019, CTRL, arXiv:1909.05858), then presence and frequency
 * penalties (OpenAI API): x − count·f − a.
 */
export const penalties: Edit<PenaltiesOptions> = {
  name: 'penalties',
  kind: 'edit',
  options: {
    repetitionPenalty: numberOption({
      min: 0,
      max: Infinity,
      open: true,
      default: 1,
      summary: 'divide positive and multiply negative logits of seen tokens (1 = off)',
    }),
    presencePenalty: numberOption({
      min: -Infinity,
      max: Infinity,
      open: true,
      default: 0,
      summary: 'subtract from the logits of seen tokens',
    }),
    frequencyPenalty: numberOption({
      min: -Infinity,
      max: Infinity,
      open: true,
      default: 0,
      summary: 'subtract from the logits of seen tokens, per occurrence',
    }),
    penaltyWindow: integerOption({
      min: -1,
      except: 0,
      default: -1,
      summary: 'how many of the latest tokens the penalties look at (-1 = all)',
    }),
  } satisfies Record<keyof PenaltiesOptions, OptionRow>,
  active: ({ repetitionPenalty, presencePenalty, frequencyPenalty }) =>
    repetitionPenalty !== 1 || presencePenalty !== 0 || frequencyPenalty !== 0,
  start({ repetitionPenalty: r, presencePenalty, frequencyPenalty, penaltyWindow }) {
    const window = new WindowCounts(penaltyWindow);
    return {
      edit(scores) {
        const { tokens, counts } = window;
        for (let i = 0; i < tokens.length; i++) {
          const token = tokens[i];
          const x = scores[token];
          // The same as x < 0 ? x * r : x / r, and no branch that goes either way.
          const repeated = r >= 1 ? Math.min(x * r, x / r) : Math.max(x * r, x / r);
          const penalty = counts[i] * frequencyPenalty;
          const after = repeated - penalty - presencePenalty;
          scores[token] =
            Math.abs(after) <= LARGEST
              ? after
              : clampFinite(x, hold(repeated) - penalty - presencePenalty);
        }
      },
      accept: (token) => window.push(token),
    };
  },
};
