import type { LocalModel } from '../model/local-model.ts';
import { windowsOf } from './windows.ts';

/** A token of a text, and the logits of what might have stood in its place. */
export interface RowBefore {
  readonly row: Float32Array;
  readonly token: number;
}

/**
 * Every token of a text but the first, with the logits in front of it; in windows where the text is
 * longer than the model's context.
 *
 * @param signal ends it between two chunks
 */
export async function* readRows(
  model: LocalModel,
  tokens: readonly number[],
  signal?: AbortSignal,
): AsyncGenerator<RowBefore, void> {
  if (tokens.length < 2) return;
  for (const { start, end, from } of windowsOf(tokens.length, model.info.contextLength)) {
    const sequence = model.lonelySequence();
    try {
      let place = start;
      for await (const row of sequence.decodeEach(tokens.slice(start, end - 1), signal)) {
        place += 1;
        if (place >= from) yield { row, token: tokens[place]! };
      }
    } finally {
      sequence.release();
    }
  }
}
