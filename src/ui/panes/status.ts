import type { Glyphs, Line, Size, Style } from '../line.ts';
import { visible } from '../terminal/visible.ts';
import { textWidth } from '../terminal/width.ts';
import { percent } from './numbers.ts';
import { paragraph } from './paragraph.ts';
import { page, Row } from './row.ts';
import { ellipsis, shortened } from './shortened.ts';
import { spell } from './spell.ts';

export type Activity = 'loading' | 'reading' | 'playing' | 'paused' | 'ended' | 'failed';

/** What goes on, in one row. */
export interface StatusSubject {
  readonly model: string;
  readonly state: Activity;
  /** Progress in [0, 1] while loading or reading; why it ended. */
  readonly detail?: number | string;
  readonly tokensPerSecond?: number;
  /** How many tokens are written, and how many may be. */
  readonly tokens: number;
  readonly limit: number;
  /** How many of them are before the cursor. */
  readonly place: number;
  readonly seed: number | undefined;
  /** Which of how many branches is shown, from 1. */
  readonly branch: { readonly number: number; readonly count: number };
  /** Of a distribution that an engine told in part: whether it is exact, and what is not told. */
  readonly certainty?: { readonly exact: boolean; readonly tail: number };
  /** The settings in effect, in short. */
  readonly summary: string;
  /** What the reader should know now; it takes the place of what is less urgent. */
  readonly notice?: { readonly text: string; readonly isError: boolean };
}

interface Part {
  readonly text: string;
  readonly style: Style;
  /** Parts with high numbers give way first. */
  readonly order: number;
}

const SYMBOLS: Record<Glyphs, Record<Activity, string>> = {
  unicode: { loading: '◌', reading: '◌', playing: '▶', paused: '‖', ended: '■', failed: '■' },
  ascii: { loading: '.', reading: '.', playing: '>', paused: '=', ended: '#', failed: '#' },
};
const BETWEEN = '  ';

function stateText({ state, detail }: StatusSubject, glyphs: Glyphs): string {
  const name = `${SYMBOLS[glyphs][state]} ${state}`;
  if (typeof detail === 'number') return `${name} ${Math.floor(detail * 100)} %`;
  return detail ? `${name}: ${visible(detail, glyphs)}` : name;
}

/**
 * A notice beside the state: as much of it as there is room for, and the rest, for a row of its own.
 */
export function noticeOf(
  subject: StatusSubject,
  width: number,
  glyphs: Glyphs,
): readonly [shown: string, rest: string] {
  const text = visible(subject.notice?.text ?? '', glyphs);
  const room = width - 2 - textWidth(stateText(subject, glyphs)) - BETWEEN.length;
  if (textWidth(text) <= room) return [text, ''];
  const [shown] = paragraph(text, room - 1);
  return [shown + ellipsis(glyphs), text.slice(shown.length).trimStart()];
}

function partsOf(subject: StatusSubject, width: number, glyphs: Glyphs): (Part | undefined)[] {
  const { model, state, tokensPerSecond, tokens, limit, place, seed, branch, notice } = subject;
  const { certainty } = subject;
  const at = place < tokens ? `${place} of ${tokens}` : `${tokens}/${limit}`;
  const rate = state === 'playing' ? tokensPerSecond : undefined;
  return [
    {
      text: model ? `kelvin ${spell('·', glyphs)} ${visible(model, glyphs)}` : 'kelvin',
      style: 'title',
      order: 5,
    },
    { text: stateText(subject, glyphs), style: 'bold', order: 0 },
    notice && {
      text: noticeOf(subject, width, glyphs)[0],
      style: notice.isError ? 'error' : 'plain',
      order: 1,
    },
    certainty && {
      text: `${certainty.exact ? 'exact' : 'approx'}, ${percent(certainty.tail)} % untold`,
      style: certainty.exact ? 'plain' : 'error',
      order: 2,
    },
    rate === undefined
      ? undefined
      : {
          text: `${rate < 9.95 ? rate.toFixed(1) : Math.round(rate)} tok/s`,
          style: 'plain',
          order: 4,
        },
    state === 'loading' ? undefined : { text: `token ${at}`, style: 'plain', order: 2 },
    seed === undefined ? undefined : { text: `seed ${seed}`, style: 'dim', order: 6 },
    branch.count > 1
      ? { text: `branch ${branch.number} of ${branch.count}`, style: 'dim', order: 7 }
      : undefined,
  ];
}

/**
 * One row: model, state, notice, speed, place, seed and branch from the left, the settings at the
 * right. Where it is narrow, whole parts give way, the least urgent first; the state never does.
 */
export function drawStatus(subject: StatusSubject, size: Size, glyphs: Glyphs): Line[] {
  const { width } = size;
  const settings: Part = { text: visible(subject.summary, glyphs), style: 'plain', order: 3 };
  const parts = [...partsOf(subject, width, glyphs), settings]
    .filter((part) => part !== undefined)
    .filter(({ text }) => text !== '');
  const kept = new Set<Part>();
  let room = width - 2;
  for (const part of [...parts].sort((a, b) => a.order - b.order)) {
    const needed = textWidth(part.text) + (kept.size > 0 ? BETWEEN.length : 0);
    // A notice is worth its beginning.
    if (needed > room && part.order > 1) break;
    kept.add(part);
    room -= needed;
    if (room <= 0) break;
  }
  const row = new Row(width).add(' ');
  for (const part of parts) {
    if (!kept.has(part)) continue;
    if (part === settings) row.to(width - 1 - textWidth(part.text));
    else if (row.room < width - 1) row.add(BETWEEN);
    row.add(shortened(part.text, Math.max(0, row.room - 1), glyphs), part.style);
  }
  return page([row.end()], size);
}
