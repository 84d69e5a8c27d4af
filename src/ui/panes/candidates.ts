import type { View } from '../../generation/explorer/view.ts';
import type { Glyphs, Line, Size, Style } from '../line.ts';
import { visible } from '../terminal/visible.ts';
import { textWidth } from '../terminal/width.ts';
import { addBars } from './bars.ts';
import { type Chosen, chooseRows, type Ranked } from './choose-rows.ts';
import { type Columns, columnsOf } from './columns.ts';
import { letterOf, nameOf } from './filters.ts';
import { percent } from './numbers.ts';
import { remember } from './remember.ts';
import { page, Row } from './row.ts';
import { ellipsis, shortened } from './shortened.ts';
import { spell } from './spell.ts';

/** The distribution of the next token. */
export interface CandidatesSubject {
  readonly view?: View;
  /** Id of the token that the reader is on. */
  readonly selected?: number;
  /** How many tokens the model knows. */
  readonly vocabulary: number;
  /** It is that of an earlier place, until the model has the present one's. */
  readonly isStale?: boolean;
}

/** How one pane is drawn: what all its rows have in common. */
interface Frame {
  readonly subject: CandidatesSubject;
  readonly view: View;
  readonly columns: Columns;
  readonly width: number;
  readonly glyphs: Glyphs;
  /** The largest probability among the rows: that of a full bar. */
  readonly scale: number;
}

/** Texts of tokens as a person should see them. */
const seen: Record<Glyphs, (text: string) => string> = {
  unicode: remember((text) => visible(text, 'unicode')),
  ascii: remember((text) => visible(text, 'ascii')),
};

/** Cells of a point and what may follow it. */
const FRACTION = 5;

/** A number in its column; where there is room, points stand below points. */
function inColumn(number: string, width: number, { columns }: Frame): string {
  if (columns.cut === 1) return number.padStart(width);
  const [whole] = number.split('.');
  const isTiny = number.includes('e');
  const fraction = isTiny ? 0 : FRACTION - (number.length - whole.length);
  return (number + ' '.repeat(Math.max(0, fraction))).padStart(width);
}

function candidateRow({ candidate, rank }: Ranked, frame: Frame): Line {
  const { subject, view, columns, width, glyphs, scale } = frame;
  const { token, raw, shaped, cutBy } = candidate;
  const isCut = cutBy !== undefined;
  const isDrawn = token === view.drawn;
  const plain: Style = subject.isStale || isCut ? 'dim' : 'plain';
  const row = new Row(width).add(
    isDrawn ? spell('▸', glyphs) : ' ',
    isDrawn ? 'drawn' : 'plain',
    1,
  );
  if (columns.rank > 0) row.add(`${rank} `.padStart(columns.rank + 1), 'dim');
  // Part of a character, or a sign of the model's own, has no text.
  const text = candidate.text === '' ? `#${token}` : seen[glyphs](candidate.text);
  const name = shortened(text, columns.token, glyphs);
  row.add(
    name,
    token === subject.selected ? 'selected' : isDrawn && !subject.isStale ? 'drawn' : plain,
  );
  row.to(columns.bar);
  addBars(row, candidate, scale, columns.bars, isCut ? 'cut' : 'raw', glyphs);
  row.to(columns.numbers);
  if (columns.raw > 0) row.add(inColumn(percent(raw, columns.percent), columns.raw, frame), plain);
  const share = isCut ? spell('–', glyphs) : percent(shaped, columns.percent);
  row.add(inColumn(share, columns.shaped, frame), plain);
  if (isCut && columns.cut > 0)
    row.add(` ${columns.cut > 1 ? nameOf(cutBy) : letterOf(cutBy)}`, 'cut');
  return row.end();
}

/** One row for everything between and behind the others. */
function gapRow({ hidden, rest }: Chosen, frame: Frame): Line {
  const { columns, width, glyphs } = frame;
  const row = new Row(width).to(columns.text).add(spell('⋯', glyphs), 'dim', 1);
  if (hidden === 0) return row.end();
  row.add(` ${hidden} more`, 'dim').to(columns.numbers + columns.raw);
  return row.add(inColumn(percent(rest, columns.percent), columns.shaped, frame), 'dim').end();
}

/** Cells of the names of both bars. */
const LEGEND = 15;

function header({ columns, width, glyphs }: Frame): Line {
  const [above, below] = glyphs === 'unicode' ? ['▀', '▄'] : ['-', '+'];
  const row = new Row(width);
  if (columns.rank > 0) row.add(' # '.padStart(columns.rank + 2), 'dim');
  row.to(columns.text).add('token', 'dim').to(columns.bar);
  // Without room for the names the numbers' own must do.
  if (columns.bars >= LEGEND)
    row.add(above, 'raw', 1).add(' raw  ', 'dim').add(below, 'shaped', 1).add(' shaped', 'dim');
  row.to(columns.numbers).add('raw %'.padStart(columns.raw), 'dim');
  return row.add('shaped %'.padStart(columns.shaped), 'dim').add(' cut', 'dim').end();
}

/** What is kept of how many, and how much of the model's own probability each filter cut. */
function summary({ view, subject, columns, width, glyphs }: Frame): Line {
  const isWide = columns.cut > 1;
  const row = new Row(width).add(
    ` kept ${view.kept}${isWide ? ' of ' : '/'}${subject.vocabulary}`,
    'dim',
  );
  const cuts = view.cuts.filter(({ tokens }) => tokens > 0);
  for (const [i, { name, mass }] of cuts.entries()) {
    const before =
      i > 0 ? (isWide ? '  ' : ' ') : isWide ? ` ${spell('·', glyphs)} cut ` : '  cut ';
    const share = percent(mass, isWide ? 9 : 5);
    const text = isWide ? `${nameOf(name)} ${share} %` : `${letterOf(name)} ${share}`;
    const isLast = i === cuts.length - 1;
    if (row.room < textWidth(before + text) + (isLast ? 0 : 2))
      return row.add(` ${ellipsis(glyphs)}`, 'dim').end();
    row.add(before, 'dim').add(text, 'cut');
  }
  return row.end();
}

/** From how many rows there is one for a header, and for a summary. */
const WITH_HEADER = 9;
const WITH_SUMMARY = 4;

/**
 * The likeliest tokens, each with two bars in one row, raw above and shaped below, both
 * probabilities in per cent and what cut it. The last token that is kept, the first that each
 * filter cut, the drawn and the selected one are always among the rows, as far as there are rows;
 * one stands for all that have none.
 */
export function drawCandidates(subject: CandidatesSubject, size: Size, glyphs: Glyphs): Line[] {
  const { view } = subject;
  const { width, height } = size;
  if (view === undefined) return page([], size);
  const hasSummary = height >= WITH_SUMMARY;
  const hasHeader = height >= WITH_HEADER && columnsOf(width, 1).rank > 0;
  const rows = height - Number(hasSummary) - Number(hasHeader);
  const chosen = chooseRows(view, subject.selected, rows);
  const all = [...chosen.first, ...chosen.others];
  const frame: Frame = {
    subject,
    view,
    columns: columnsOf(width, Math.max(...all.map(({ rank }) => rank))),
    width,
    glyphs,
    scale: Math.max(...all.map(({ candidate }) => Math.max(candidate.raw, candidate.shaped))),
  };
  const lines = hasHeader ? [header(frame)] : [];
  for (const ranked of chosen.first) lines.push(candidateRow(ranked, frame));
  if (chosen.hidden > 0 || chosen.others.length > 0) lines.push(gapRow(chosen, frame));
  for (const ranked of chosen.others) lines.push(candidateRow(ranked, frame));
  if (!hasSummary) return page(lines, size);
  return [...page(lines, { width, height: height - 1 }), summary(frame)];
}
