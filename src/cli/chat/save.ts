import { writeFile } from 'node:fs/promises';
import type { ModelInfo } from '../../model/info.ts';
import { jsonLine } from '../json-line.ts';
import { UsageError } from '../usage-error.ts';
import { type Conversation, messagesOf, type Turn } from './conversation.ts';

/** An answer as a line of NDJSON: a message, and how it came about. */
export function answerLine(turn: Turn): string {
  const { text: _, ...summary } = turn.summary;
  return jsonLine({ ...messagesOf(turn)[1], summary });
}

/** A conversation as NDJSON: what it was held with, then a message a line. */
export function conversationLines(
  { mode, system, turns }: Conversation,
  { name, path, file, dtype, bytes }: ModelInfo,
): string {
  return [
    jsonLine({ conversation: { mode, model: { name, path, file, dtype, bytes } } }),
    ...(system === undefined ? [] : [jsonLine({ role: 'system', content: system })]),
    ...turns.flatMap((turn) => [jsonLine(messagesOf(turn)[0]), answerLine(turn)]),
  ].join('');
}

/** Writes a file that is not there yet. @throws UsageError */
export async function writeNew(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'EEXIST' ? 'it exists, and is not overwritten' : code;
    throw new UsageError(`/save must have a new file, got ${JSON.stringify(path)}: ${why}`);
  }
}
