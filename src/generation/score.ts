import type { LocalModel } from '../model/local-model.ts';
import { type Measured, measuring } from './measure.ts';
import { encodeText } from './prompt.ts';
import { readRows } from './read-rows.ts';
import { TextStream } from './text-stream.ts';

/** A token of a text as the model saw it coming; the first one it did not. */
export interface Read extends Partial<Measured> {
  readonly token: number;
  /** The text that became final with it; '' while a character is incomplete. */
  readonly text: string;
}

/**
 * Reads a text and tells of each token how likely the model found it; in windows where the text is
 * longer than the model's context.
 *
 * @param signal ends it between two chunks
 * @throws KelvinError for a text the model cannot take
 */
export async function* score(
  model: LocalModel,
  text: string | readonly number[],
  signal: AbortSignal,
): AsyncGenerator<Read, void> {
  const tokens = await encodeText(model, text);
  const stream = new TextStream(model.tokenizer.decode);
  const first = tokens[0]!;
  let left = tokens.length;
  const written = (token: number) => {
    left -= 1;
    return stream.push(token) + (left === 0 ? stream.flush() : '');
  };
  yield { token: first, text: written(first) };
  const measure = measuring(model.info.vocabularySize);
  for await (const { row, token } of readRows(model, tokens, signal))
    yield { token, text: written(token), ...measure(row, token) };
}
