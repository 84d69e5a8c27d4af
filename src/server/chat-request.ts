import { z } from 'zod';
import type { Message } from '../model/tokenizer.ts';
import { checkStreamOptions } from './completion-request.ts';
import { badRequest } from './http-error.ts';
import { parse } from './parse.ts';
import {
  type Asked,
  askedOf,
  flag,
  logprobsField,
  maxTokensField,
  REFUSED,
  sharedFields,
} from './request.ts';

const MOST_MESSAGES = 1024;
const ROLES = ['system', 'user', 'assistant'];

export interface ChatRequest extends Asked {
  readonly messages: readonly Message[];
}

const part = z.strictObject(
  {
    type: z.literal('text', { error: '"text": the model reads nothing else' }),
    text: z.string({ error: 'a string' }),
  },
  { error: 'an object with type and text' },
);
const content = z.union([z.string(), z.array(part)], {
  error: 'a string or a list of parts with type "text" and their text',
});
const message = z.strictObject(
  {
    role: z.enum(ROLES, { error: `one of ${ROLES.join(', ')}` }),
    content,
    // What an answer of OpenAI's has, and may be sent back with.
    refusal: z.null({ error: 'null' }).optional(),
  },
  { error: 'an object with role and content' },
);

/** Reads the bodies of `/v1/chat/completions`. */
export function chatParser(mostChoices: number): (body: unknown) => ChatRequest {
  const list = `a list of 1 to ${MOST_MESSAGES} messages`;
  const schema = z.strictObject({
    ...sharedFields(mostChoices),
    messages: z
      .array(message, { error: list })
      .min(1, { error: list })
      .max(MOST_MESSAGES, { error: list }),
    max_completion_tokens: maxTokensField('max_completion_tokens'),
    logprobs: flag,
    top_logprobs: logprobsField('top_logprobs'),
  });
  return (input) => {
    const body = parse(input, schema, {
      ...REFUSED,
      prompt: 'prompts are for /v1/completions',
    });
    checkStreamOptions(body);
    const { max_tokens, max_completion_tokens, logprobs, top_logprobs } = body;
    if (max_tokens !== undefined && max_completion_tokens !== undefined)
      throw badRequest(
        'max_tokens must be absent where max_completion_tokens is given, which is its new name',
        'max_tokens',
        'invalid_value',
      );
    if (top_logprobs !== undefined && logprobs !== true)
      throw badRequest(
        'top_logprobs must come with logprobs: true',
        'top_logprobs',
        'invalid_value',
      );
    const told = logprobs === true ? (top_logprobs ?? 0) : undefined;
    return {
      ...askedOf(body, max_completion_tokens ?? max_tokens, told),
      messages: body.messages.map(({ role, content }) => ({ role, content: textOf(content) })),
    };
  };
}

const textOf = (content: string | readonly { readonly text: string }[]) =>
  typeof content === 'string' ? content : content.map(({ text }) => text).join('');
