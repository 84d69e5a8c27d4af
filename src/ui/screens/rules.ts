import type { Glyphs, Line } from '../line.ts';
import { drawRule, type RulePart } from '../panes/rule.ts';
import type { Studio } from '../state/studio.ts';
import { textWidth } from '../terminal/width.ts';

interface Below {
  readonly width: number;
  readonly title?: string;
  readonly note?: string;
}

/** Over the text and the candidates. */
export function topRule(studio: Studio, widths: readonly number[], glyphs: Glyphs): Line {
  const [text, candidates] = widths;
  const panes = [
    { width: text!, title: 'text', note: textNote(studio) },
    ...(candidates === undefined ? [] : [{ width: candidates, ...nextToken(studio) }]),
  ];
  return ruleBetween([], panes, glyphs);
}

/** Over an explanation and the candidates. */
export function explainRule(studio: Studio, widths: readonly number[], glyphs: Glyphs): Line {
  const panes = [
    { width: widths[0]!, title: 'how it comes about' },
    { width: widths[1]!, ...nextToken(studio) },
  ];
  return ruleBetween([], panes, glyphs);
}

/** Over a pane that has the whole width. */
export function titleRule(title: string, note: string, width: number, glyphs: Glyphs): Line {
  return ruleBetween([], [{ width, title, note }], glyphs);
}

/** Over the candidates of a small screen. */
export function candidatesRule(studio: Studio, width: number, glyphs: Glyphs): Line {
  return ruleBetween([], [{ width, ...nextToken(studio) }], glyphs);
}

/** Between text and candidates above, and knobs, plane and numbers below. */
export function middleRule(
  { axes }: Studio,
  above: readonly number[],
  below: readonly number[],
  glyphs: Glyphs,
): Line {
  const titles = [
    { title: 'controls' },
    axes === 'step'
      ? { title: 'coherence × diversity', note: 'nats × choices' }
      : { title: 'the text: coherence × diversity' },
    { title: 'numbers' },
  ];
  const panes = below.map((width, i) => ({ width, ...titles[i] }));
  return ruleBetween(walls(above), panes, glyphs);
}

/** Under all of them. */
export const bottomRule = (widths: readonly number[], glyphs: Glyphs): Line => {
  const width = widths.reduce((sum, pane) => sum + pane + 1, -1);
  return ruleBetween(walls(widths), [{ width }], glyphs);
};

function textNote({ tuner }: Studio): string {
  const struck = tuner?.viewer.struck ?? 0;
  return struck === 0 ? 'marked = surprising' : `${struck} struck out: impossible now`;
}

function nextToken({ tuner }: Studio): Omit<Below, 'width'> {
  const view = tuner?.viewer.view;
  const note = view ? { note: `${choices(view.entropy)} choices` } : {};
  return { title: 'next token', ...note };
}

function choices(entropy: number): string {
  const count = Math.exp(entropy);
  return count < 99.95 ? count.toFixed(1) : String(Math.round(count));
}

/** A rule whose walls go on upwards where there are some above, and downwards between the panes. */
function ruleBetween(above: readonly number[], below: readonly Below[], glyphs: Glyphs): Line {
  const down = walls(below.map(({ width }) => width));
  // A title is read whole: where a wall above would end in it, it ends on it.
  const starts = [-1, ...down];
  const isInTitle = (wall: number) =>
    below.some(({ title = '' }, i) => {
      const start = starts[i]!;
      return title !== '' && wall > start && wall <= start + textWidth(title) + 4;
    });
  const up = above.filter((wall) => down.includes(wall) || !isInTitle(wall));
  const ends = [...new Set([...up, ...down])].sort((a, b) => a - b);
  const total = below.reduce((sum, { width }) => sum + width + 1, -1);
  const parts: RulePart[] = [];
  let start = 0;
  for (const end of [...ends, total]) {
    const wall = start - 1;
    const joint = jointOf(up.includes(wall), down.includes(wall));
    // A pane's title is where it begins, its note where it ends.
    const begun = below[starts.indexOf(wall)];
    const ended = below[[...down, total].indexOf(end)];
    parts.push({
      width: end - start,
      ...(begun?.title ? { title: begun.title } : {}),
      ...(ended?.note ? { note: ended.note } : {}),
      ...(joint ? { joint } : {}),
    });
    start = end + 1;
  }
  return drawRule(parts, glyphs);
}

function jointOf(isAbove: boolean, isBelow: boolean): RulePart['joint'] {
  if (isAbove && isBelow) return 'both';
  return isAbove ? 'up' : isBelow ? 'down' : undefined;
}

/** The columns of the walls between panes. */
function walls(widths: readonly number[]): number[] {
  const columns: number[] = [];
  let column = -1;
  for (const width of widths.slice(0, -1)) {
    column += width + 1;
    columns.push(column);
  }
  return columns;
}
