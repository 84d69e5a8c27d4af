import type { View } from '../../generation/explorer/view.ts';
import type { Glyphs, Line, Size } from '../line.ts';
import { textWidth } from '../terminal/width.ts';
import { bits, decimal, magnitude } from './numbers.ts';
import { page, Row } from './row.ts';
import { spell } from './spell.ts';

/** How diverse and how coherent the written text turned out. */
export interface TextNumbers {
  /** In [0, 1]. */
  readonly diversity: number;
  /** Mean ln of the tokens' raw probabilities, ≤ 0. */
  readonly coherence: number;
  readonly perplexity: number;
  /** The text says the same `period` tokens again and again. */
  readonly loop?: { readonly period: number; readonly repeats: number };
}

export interface NowSubject {
  readonly view?: View;
  readonly text?: TextNumbers;
}

/** From how many rows and cells every number has a row to itself. */
const TALL = 8;
const BROAD = 36;
/** Column of the numbers there. */
const COLUMN = 12;

/** Statements in one row, as many as fit whole. */
function inRow(name: string, statements: readonly string[], width: number): Line {
  const row = new Row(width).add(` ${name.padEnd(5)}`, 'dim');
  for (const statement of statements) {
    if (row.room < textWidth(statement) + 2) break;
    row.add(`  ${statement}`);
  }
  return row.end();
}

function compact({ view, text }: NowSubject, width: number, glyphs: Glyphs): Line[] {
  const none = spell('–', glyphs);
  const now = view && [
    `H ${decimal(bits(view.entropy), 2, glyphs)} bits`,
    `coh ${decimal(view.now.coherence, 2, glyphs)}`,
    `gap ${decimal(view.gap, 2, glyphs)}`,
    `price ${decimal(view.temperature, 2, glyphs)}`,
    `choices ${magnitude(Math.exp(view.entropy), glyphs)}`,
  ];
  return [inRow('now', now ?? [none], width), textRow(text, width, glyphs)];
}

/** What became of a text, in one row. */
export function textRow(text: TextNumbers | undefined, width: number, glyphs: Glyphs): Line {
  if (!text) return inRow('text', [spell('–', glyphs)], width);
  const realised = [
    `div ${decimal(text.diversity, 2, glyphs)}`,
    `coh ${decimal(text.coherence, 2, glyphs)}`,
    `ppl ${magnitude(text.perplexity, glyphs)}`,
  ];
  const loop = loopText(text, glyphs);
  // A loop is news; that there is none is not.
  return inRow('text', text.loop ? [loop, ...realised] : [...realised, loop], width);
}

function loopText({ loop }: TextNumbers, glyphs: Glyphs): string {
  if (loop === undefined) return 'no loop';
  return `loop ${loop.period} ${glyphs === 'ascii' ? 'x' : '×'} ${loop.repeats}`;
}

function price(view: View, { width, height }: Size, glyphs: Glyphs): string[] {
  const nats = decimal(view.temperature, 2, glyphs);
  const whole = `1 nat of diversity costs ${nats} of coherence`;
  if (COLUMN + textWidth(whole) < width) return [whole];
  if (height > TALL) return ['1 nat of diversity costs', `${nats} nats of coherence`];
  return [`${nats} nats for 1 of diversity`];
}

function tall({ view, text }: NowSubject, size: Size, glyphs: Glyphs): Line[] {
  const none = spell('–', glyphs);
  const number = (value: number) => decimal(value, 2, glyphs);
  const choices = (value: number) => magnitude(Math.exp(value), glyphs);
  const rows: (readonly [name: string, statement: string])[] = [
    [
      'entropy',
      view ? `${number(bits(view.entropy))} bits of ${number(bits(view.rawEntropy))}` : none,
    ],
    ['choices', view ? `${choices(view.entropy)} of ${choices(view.rawEntropy)}` : none],
    ['coherence', view ? `${number(view.now.coherence)} nats` : none],
    ['gap', view ? `${number(view.gap)} nats below the curve` : none],
  ];
  const [first, ...others] = view ? price(view, size, glyphs) : [none];
  rows.push(['price', first], ...others.map((line) => ['', line] as const));
  const realised = text
    ? [
        `diversity ${number(text.diversity)}`,
        `coherence ${number(text.coherence)}  ppl ${magnitude(text.perplexity, glyphs)}`,
        loopText(text, glyphs),
      ]
    : [none];
  if (size.height > rows.length + realised.length) rows.push(['', '']);
  realised.forEach((line, i) => {
    rows.push([i === 0 ? 'text' : '', line]);
  });
  return rows.map(([name, statement]) =>
    new Row(size.width).add(` ${name}`, 'dim').to(COLUMN).add(statement).end(),
  );
}

/**
 * What the present distribution offers and keeps, and what became of it in the text: in two rows,
 * or where there is room for eight or more, one number in each.
 */
export function drawNow(subject: NowSubject, size: Size, glyphs: Glyphs): Line[] {
  const isTall = size.height >= TALL && size.width >= BROAD;
  const lines = isTall ? tall(subject, size, glyphs) : compact(subject, size.width, glyphs);
  return page(lines, size);
}
