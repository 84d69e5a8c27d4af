import { z } from 'zod';
import { brokenOff, type Drawn, type Finish, shaped, type Told } from './engine.ts';

const Logprobs = z.object({
  tokens: z.array(z.string()),
  token_logprobs: z.array(z.number().nullable()),
  top_logprobs: z.array(z.record(z.string(), z.number()).nullable()).nullish(),
});

/** What OpenAI's completions answer, and each event of their streams. */
export const Completion = z.object({
  choices: z.array(
    z.object({
      text: z.string(),
      logprobs: Logprobs.nullish(),
      finish_reason: z.string().nullish(),
    }),
  ),
});

/** A token by the name it is told under. */
export type Named = (name: string, logprob: number) => Told;

/** The likeliest of one place, at most `count`: what was drawn comes on top of those asked for. */
export const likeliest = (
  top: Readonly<Record<string, number>> | null | undefined,
  count: number,
  named: Named,
): Told[] =>
  Object.entries(top ?? {})
    .sort(([, a], [, b]) => b - a)
    .slice(0, count)
    .map((entry) => named(...entry));

/** The tokens of a stream of completions. */
export async function* drawn(
  events: AsyncIterable<unknown>,
  top: number,
  named: Named,
): AsyncGenerator<Drawn, Finish> {
  for await (const event of events) {
    const [choice] = shaped(Completion, event, '/v1/completions').choices;
    if (!choice) continue;
    const { tokens = [], token_logprobs = [], top_logprobs } = choice.logprobs ?? {};
    for (const [i, name] of tokens.entries())
      yield {
        ...named(name, token_logprobs[i] ?? Number.NaN),
        text: i === tokens.length - 1 ? choice.text : '',
        top: likeliest(top_logprobs?.[i], top, named),
      };
    if (choice.finish_reason) return choice.finish_reason === 'length' ? 'length' : 'end';
  }
  throw brokenOff('/v1/completions');
}
