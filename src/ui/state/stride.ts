import type { Stride } from './studio.ts';
import type { Timeline } from './timeline.ts';

/** The place that a step back leads to. */
export function wayBack({ written, place }: Timeline, stride: Stride): number {
  let next = place - 1;
  while (next > 0 && !begins(stride, written[next - 1]!.text, written[next]!.text)) next -= 1;
  return Math.max(0, next);
}

/** The place that a step on leads to, as far as there is a text to walk along. */
export function wayOn({ written, place }: Timeline, stride: Stride): number {
  let next = Math.min(place + 1, written.length);
  while (next < written.length && !begins(stride, written[next - 1]!.text, written[next]!.text))
    next += 1;
  return next;
}

/** Whether a stride may end between two tokens. */
function begins(stride: Stride, before: string, after: string): boolean {
  if (stride === 'token') return true;
  if (stride === 'word') return /^\s/.test(after) || /\s$/.test(before);
  return /[.!?…]["'”’)]?\s*$|\n\s*$/.test(before) && (/^\s/.test(after) || /\s$/.test(before));
}
