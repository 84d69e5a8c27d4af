import type { LocalModel } from '../model/local-model.ts';
import { type Measured, measuring } from './measure.ts';
import { encodePrompt } from './prompt.ts';
import { TextStream } from './text-stream.ts';

/** A token of a text as the model saw it coming; the first one it did not. */
export interface Read extends Partial<Measured> {
  readonly token: number;
  /** The text that became final with it; '' while a character is incomplete. */
  readonly text: string;
}

/**
 * Reads a text and tells of each token how likely the model found it.
 *
 * @param signal ends it between two chunks
 * @throws KelvinError for a text the model cannot take
 */
export async function* score(
  model: LocalModel,
  text: string | readonly number[],
  signal: AbortSignal,
): AsyncGenerator<Read, void> {
  const tokens = encodePrompt(model, text);
  const stream = new TextStream(model.tokenizer.decode);
  const [first, ...rest] = tokens as [number, ...number[]];
  const begun = stream.push(first);
  yield { token: first, text: rest.length === 0 ? begun + stream.flush() : begun };
  if (rest.length === 0) return;
  const measure = measuring(model.info.vocabularySize);
  const sequence = model.lonelySequence();
  try {
    let place = 0;
    for await (const row of sequence.decodeEach(tokens.slice(0, -1), signal)) {
      const token = rest[place]!;
      place += 1;
      const written = stream.push(token) + (place === rest.length ? stream.flush() : '');
      yield { token, text: written, ...measure(row, token) };
    }
  } finally {
    sequence.release();
  }
}
