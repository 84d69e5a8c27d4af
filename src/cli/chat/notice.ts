import type { Summary } from '../../generation/step.ts';
import { summaryLine } from '../summary.ts';
import type { Mode } from './conversation.ts';

/** What there is to say of how an answer ended; undefined where it just did. */
export function notice({ finishReason }: Summary, mode: Mode): string | undefined {
  if (finishReason === 'abort') return 'stopped';
  if (finishReason === 'context') return "the model's context is full: /undo or /clear makes room";
  // A text that is gone on from ends somewhere.
  if (finishReason === 'length' && mode === 'chat')
    return 'cut off at the token limit: /set max-tokens N gives more';
  return undefined;
}

/** How an answer went, and how much of what was before it had to be read for it. */
export function readingLine(summary: Summary): string {
  const { promptTokens, reusedTokens } = summary;
  const read = `read ${promptTokens - reusedTokens} of ${promptTokens} prompt tokens`;
  return `${read}, ${reusedTokens} known from before\n${summaryLine(summary)}`;
}
