import { bytesOf } from '../stdin.ts';
import { UsageError } from '../usage-error.ts';
import type { Chat } from './chat.ts';

/**
 * Takes a message from each line, until there are no more; one that ends in a backslash goes on with
 * the next.
 *
 * @throws what `Chat.take` does: nobody is there to try again
 */
export async function talkFromPipe(
  chat: Chat,
  signal: AbortSignal,
  stdin: NodeJS.ReadStream = process.stdin,
): Promise<void> {
  signal.addEventListener('abort', () => stdin.destroy());
  try {
    for await (const message of messages(stdin)) {
      await chat.take(message, signal);
      if (chat.isOver || signal.aborted) return;
    }
  } catch (cause) {
    if (!signal.aborted) throw cause;
  }
}

async function* messages(stdin: NodeJS.ReadStream): AsyncGenerator<string, void> {
  let begun = '';
  for await (const line of lines(stdin)) {
    if (line.endsWith('\\')) begun += `${line.slice(0, -1)}\n`;
    else {
      yield begun + line;
      begun = '';
    }
  }
  if (begun !== '') yield begun.slice(0, -1);
}

async function* lines(stdin: NodeJS.ReadStream): AsyncGenerator<string, void> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of bytesOf(stdin)) {
    const parts = (rest + decode(decoder, chunk)).split(/\r?\n/);
    rest = parts.pop()!;
    yield* parts;
  }
  rest += decode(decoder);
  if (rest !== '') yield rest;
}

function decode(decoder: InstanceType<typeof TextDecoder>, chunk?: Buffer): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch {
    throw new UsageError('stdin must be UTF-8 text, got other bytes');
  }
}
