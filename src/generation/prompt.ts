import type { TextModel } from '../model/text-model.ts';
import { checkTokens } from '../sampling/check.ts';
import { KelvinError } from '../sampling/error.ts';

/**
 * The tokens of a text, however long.
 *
 * @param prompt a text, or token ids taken as they are
 * @throws KelvinError `INVALID_TOKEN` for an id outside the vocabulary
 */
export async function encodeText(
  model: TextModel,
  prompt: string | readonly number[],
): Promise<number[]> {
  const { vocabularySize, beginToken } = model.info;
  const tokens = typeof prompt === 'string' ? await model.tokenizer.encode(prompt) : [...prompt];
  // A model cannot start from nothing; what it was trained to start from is its begin token.
  if (tokens.length === 0 && beginToken !== undefined) tokens.push(beginToken);
  if (tokens.length === 0) {
    throw new KelvinError(
      'INVALID_ARGUMENT',
      'prompt: must hold at least one token for this model, received none',
    );
  }
  checkTokens('prompt', tokens, vocabularySize);
  await model.tokenizer.learn?.(tokens);
  return tokens;
}

/**
 * The tokens a generation starts from.
 *
 * @param prompt a text, or token ids taken as they are
 * @throws KelvinError `INVALID_TOKEN` for an id outside the vocabulary, `CONTEXT_LENGTH` for a
 *   prompt longer than the model's context
 */
export async function encodePrompt(
  model: TextModel,
  prompt: string | readonly number[],
): Promise<number[]> {
  const { contextLength } = model.info;
  const tokens = await encodeText(model, prompt);
  if (contextLength !== undefined && tokens.length > contextLength) {
    throw new KelvinError(
      'CONTEXT_LENGTH',
      `prompt: must be at most ${contextLength} tokens, the context of ${model.info.name}, received ${tokens.length}`,
    );
  }
  return tokens;
}
