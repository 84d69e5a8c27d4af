import type { LocalModel } from '../model/local-model.ts';
import { KelvinError } from '../sampling/error.ts';

/**
 * The tokens a generation starts from.
 *
 * @param prompt a text, or token ids taken as they are
 * @throws KelvinError `INVALID_TOKEN` for an id outside the vocabulary, `CONTEXT_LENGTH` for a
 *   prompt longer than the model's context
 */
export function encodePrompt(model: LocalModel, prompt: string | readonly number[]): number[] {
  const { vocabularySize, contextLength, beginToken } = model.info;
  const tokens = typeof prompt === 'string' ? model.tokenizer.encode(prompt) : [...prompt];
  // A model cannot start from nothing; what it was trained to start from is its begin token.
  if (tokens.length === 0 && beginToken !== undefined) tokens.push(beginToken);
  if (tokens.length === 0) {
    throw new KelvinError(
      'INVALID_ARGUMENT',
      'prompt: must hold at least one token for this model, received none',
    );
  }
  const bad = tokens.find((id) => !Number.isInteger(id) || id < 0 || id >= vocabularySize);
  if (bad !== undefined) {
    throw new KelvinError(
      'INVALID_TOKEN',
      `prompt: token ids must be integers in [0, ${vocabularySize}), received ${bad}`,
    );
  }
  if (contextLength !== undefined && tokens.length > contextLength) {
    throw new KelvinError(
      'CONTEXT_LENGTH',
      `prompt: must be at most ${contextLength} tokens, the context of ${model.info.name}, received ${tokens.length}`,
    );
  }
  return tokens;
}
