import { KelvinError } from '../../sampling/error.ts';
import { Failure } from '../failure.ts';
import { flagMessage } from '../flag-message.ts';
import { complain, say } from '../streams.ts';
import { UsageError } from '../usage-error.ts';
import type { Chat } from './chat.ts';
import type { Editor } from './editor.ts';

/** Talks with a person until they leave. What goes wrong is told, and is no reason to end. */
export async function talkAtTerminal(chat: Chat, editor: Editor): Promise<void> {
  let isWarned = false;
  while (!chat.isOver) {
    const entry = await editor.read();
    if (entry === 'end') return;
    if (entry === 'interrupt') {
      if (isWarned) {
        process.exitCode = 130;
        return;
      }
      isWarned = true;
      say('Ctrl-C once more leaves, as does Ctrl-D\n');
      continue;
    }
    // One that stopped an answer is the first of the two.
    isWarned = await editor.during(async (signal) => {
      await chat.take(entry.text, signal).catch(tell);
    });
  }
}

function tell(error: unknown): void {
  if (error instanceof UsageError || error instanceof Failure) complain(error.message);
  else if (error instanceof KelvinError) {
    const way = error.code === 'CONTEXT_LENGTH' ? '; /undo or /clear makes room' : '';
    complain(flagMessage(error.message) + way);
  } else throw error;
}
