import type { Moment } from './moment.ts';
import { added } from './story.ts';
import { counted } from './words.ts';

/** As much of a text as tells where one is in it. */
const CONTEXT = 60;

/** How far the text is, in a sentence. */
export function whereabouts({ phase, pause, place, written, error }: Moment): string {
  const tokens = written.length;
  const at =
    place < tokens ? `at token ${place} of ${tokens}` : `after ${counted(tokens, 'token')}`;
  switch (phase) {
    case undefined:
      return error === undefined ? 'Loading the model.' : `It has failed: ${error}`;
    case 'reading':
      return 'Reading the prompt.';
    case 'playing':
      return 'Playing.';
    case 'failed':
      return `It has failed: ${error}`;
    case 'ended':
      if (place < tokens) return `At token ${place} of ${tokens}.`;
      return pause === 'context'
        ? `The model's context is full, ${at}.`
        : `The text has come to its end, ${at}.`;
    default:
      return `Paused, ${at}.`;
  }
}

/** Where a walk has led: over which text, or onto which branch. */
export function walkSentences(before: Moment, after: Moment): string[] {
  if (before.place === after.place && before.node === after.node) return [];
  const on = added(before, after).trim();
  const back = added(after, { ...after, place: before.place }).trim();
  const isOwn = after.written[before.place - 1]?.node === before.node || before.place === 0;
  const way = !isOwn
    ? `Branch ${after.branch.number} of ${after.branch.count}: ${context(after)}`
    : after.place > before.place
      ? `On: ${on}`
      : `Back over: ${back}`;
  return [way, `Token ${after.place} of ${after.written.length}.`];
}

/** The end of what is written. */
export function context({ prompt, written, place }: Moment): string {
  const text = written
    .slice(0, place)
    .map(({ text }) => text)
    .join('');
  return (prompt + text).slice(-CONTEXT).trim();
}
