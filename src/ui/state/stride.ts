import type { Written } from '../../generation/explorer/view.ts';
import type { Stride } from './studio.ts';
import type { Timeline } from './timeline.ts';

/** The place that a step back leads to. */
export function wayBack({ written, place }: Timeline, stride: Stride): number {
  let next = place - 1;
  while (next > 0 && !begins(stride, written, next)) next -= 1;
  return Math.max(0, next);
}

/** The place that a step on leads to, as far as there is a text to walk along. */
export function wayOn({ written, place }: Timeline, stride: Stride): number {
  let next = Math.min(place + 1, written.length);
  while (next < written.length && !begins(stride, written, next)) next += 1;
  return next;
}

/** How many tokens the end of a sentence and what closes it may be in. */
const ENDING = 4;

/** Whether a stride may end in front of a token. */
function begins(stride: Stride, written: readonly Written[], place: number): boolean {
  if (stride === 'token') return true;
  const tokens = written.slice(Math.max(0, place - ENDING), place);
  const before = tokens.map(({ text }) => text).join('');
  const isBetween = /\s$/.test(before) || /^\s/.test(written[place]!.text);
  if (stride === 'word') return isBetween;
  return isBetween && /([.!?…]["'”’)]*|\n)\s*$/.test(before);
}
