import type { TextTokenizer } from '../model/text-model.ts';
import { exp, type Sample } from '../sampling/index.ts';
import type { RawCandidate, Step } from './step.ts';

/** A sample as the world sees it: with its text and the texts of its rivals. */
export function stepOf(
  sample: Sample,
  index: number,
  text: string,
  tokenizer: Pick<TextTokenizer, 'label'>,
  rawTop?: readonly RawCandidate[],
): Step {
  const { token, logprob, shapedLogprob, entropy, rank, distribution } = sample;
  return {
    index,
    token,
    text,
    logprob,
    shapedLogprob,
    entropy,
    choices: exp(entropy),
    rank,
    ...(rawTop && { rawTop, label: tokenizer.label(token) }),
    ...(distribution && {
      top: distribution.candidates.map((candidate) => ({
        token: candidate.token,
        text: tokenizer.label(candidate.token),
        raw: candidate.raw,
        shaped: candidate.shaped,
        ...(candidate.cutBy === undefined ? {} : { cutBy: candidate.cutBy }),
      })),
    }),
  };
}
