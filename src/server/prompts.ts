import type { Model } from '../generation/model.ts';
import { show } from '../sampling/check.ts';
import { badRequest } from './http-error.ts';

/**
 * Checks that a model can be talked with.
 *
 * @throws HttpError 400
 */
export function checkChat({ info: { chat, name } }: Model): void {
  if (!chat)
    throw badRequest(
      `${name} has no chat template, so it cannot be talked with: use /v1/completions, where it goes on from a text`,
      'messages',
      'unsupported_by_model',
    );
}

/** No text of a use has more characters to a token, and reading them takes time. */
const LONGEST_TOKEN = 32;

/**
 * Checks how long a text is, before anybody spends time on it.
 *
 * @throws HttpError 400
 */
export function checkLength(length: number, param: string, { info }: Model): void {
  const most = (info.contextLength ?? Number.POSITIVE_INFINITY) * LONGEST_TOKEN;
  if (length > most)
    throw badRequest(
      `${param} must have at most ${most} characters, ${LONGEST_TOKEN} for each token of the context, got ${length}`,
      param,
      'context_length_exceeded',
    );
}

/**
 * Checks that a model can go on from some tokens, before they wait for their turn.
 *
 * @throws HttpError 400
 */
export function checkPrompt(
  tokens: readonly number[],
  param: string,
  { info: { contextLength, beginToken, name } }: Model,
): readonly number[] {
  if (contextLength !== undefined && tokens.length > contextLength)
    throw badRequest(
      `${param} must be at most ${contextLength} tokens, the context of ${name}, got ${tokens.length}`,
      param,
      'context_length_exceeded',
    );
  if (tokens.length === 0 && beginToken === undefined)
    throw badRequest(
      `${param} must hold at least one token for this model, got ${show(tokens)}`,
      param,
      'invalid_value',
    );
  return tokens;
}
