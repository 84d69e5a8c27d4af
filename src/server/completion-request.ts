import { z } from 'zod';
import { badRequest } from './http-error.ts';
import { parse } from './parse.ts';
import { type Asked, askedOf, logprobsField, REFUSED, sharedFields } from './request.ts';

type Prompt = string | readonly number[];

export interface CompletionRequest extends Asked {
  readonly prompts: readonly Prompt[];
}

/** Reads the bodies of `/v1/completions`. */
export function completionParser(mostChoices: number): (body: unknown) => CompletionRequest {
  const error = 'a string, a list of strings, a list of token ids, or a list of such lists';
  const tokens = z.array(z.number({ error }), { error }).min(1, { error });
  const texts = z.array(z.string({ error }), { error }).min(1, { error });
  const prompt = z.union(
    [z.string({ error }), tokens, texts, z.array(tokens, { error }).min(1, { error })],
    { error },
  );
  const schema = z.strictObject({
    ...sharedFields(mostChoices),
    prompt,
    logprobs: logprobsField('logprobs'),
  });
  return (input) => {
    const body = parse(input, schema, {
      ...REFUSED,
      messages: 'messages are for /v1/chat/completions',
      top_logprobs: 'logprobs is the number of tokens here',
    });
    checkStreamOptions(body);
    const asked = askedOf(body, body.max_tokens, body.logprobs);
    const prompts = promptsOf(body.prompt);
    if (prompts.length * asked.n > mostChoices)
      throw badRequest(
        `prompt must ask for at most ${mostChoices} texts, n for each of its prompts, got ${prompts.length * asked.n}`,
        'prompt',
        'invalid_value',
      );
    return { ...asked, prompts };
  };
}

function promptsOf(prompt: string | number[] | string[] | number[][]): readonly Prompt[] {
  const isOne = typeof prompt === 'string' || typeof prompt[0] === 'number';
  return isOne ? [prompt as Prompt] : (prompt as Prompt[]);
}

/** @throws HttpError 400 for options of a stream that is none */
export function checkStreamOptions(body: { stream?: unknown; stream_options?: unknown }): void {
  if (body.stream_options != null && body.stream !== true)
    throw badRequest(
      'stream_options must come with stream: true',
      'stream_options',
      'invalid_value',
    );
}
