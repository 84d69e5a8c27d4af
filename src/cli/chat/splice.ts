import type { Model } from '../../generation/model.ts';

/** The tokens that an answer was given to. */
export interface Prompt {
  /** As the tokenizer makes them of the whole text. */
  readonly canonical: readonly number[];
  /** The same text, with earlier answers in the tokens they were written in. */
  readonly tokens: readonly number[];
}

/**
 * The prompt of a next turn, with the answer before it in the tokens it was written in. A model may
 * draw other tokens for a text than its tokenizer makes of it; read anew, all that follows them
 * would have to be as well.
 *
 * @param before what that answer was given to
 * @param written its tokens
 * @param canonical the next prompt, as the tokenizer makes it
 */
export async function spliced(
  model: Pick<Model, 'decode'>,
  before: Prompt,
  written: readonly number[],
  canonical: readonly number[],
): Promise<Prompt> {
  const start = before.canonical.length;
  if (before.canonical.some((token, i) => token !== canonical[i])) return whole(canonical);
  const answer = await model.decode(written);
  const textUpTo = (end: number) => model.decode(canonical.slice(start, end));
  // The first end at which the text is as long as the answer.
  let low = start;
  let high = canonical.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((await textUpTo(middle)).length < answer.length) low = middle + 1;
    else high = middle;
  }
  // A token across the edge, or a template that changes an answer.
  if ((await textUpTo(low)) !== answer) return whole(canonical);
  return { canonical, tokens: [...before.tokens, ...written, ...canonical.slice(low)] };
}

const whole = (canonical: readonly number[]): Prompt => ({ canonical, tokens: canonical });
