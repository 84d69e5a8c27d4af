import type { Read } from '../../generation/score.ts';
import type { Line, Style } from '../../ui/line.ts';
import { bits } from '../../ui/panes/numbers.ts';
import { shortened } from '../../ui/panes/shortened.ts';
import { surprisal } from '../../ui/panes/text.ts';
import { harmless } from '../../ui/terminal/harmless.ts';
import { visible } from '../../ui/terminal/visible.ts';
import { fitting } from '../fitting.ts';
import { table } from '../table.ts';
import type { TextSummary } from './scored.ts';

/** The cells of a token at the least, and those of the columns beside it. */
const SHORTEST = 15;
const OTHERS = 32;

/** A token's text by its surprisal; spaces are left as they are. */
export function tokenLine({ text, logprob }: Read): Line {
  const style: Style = logprob === undefined ? 'dim' : surprisal(logprob);
  return harmless(text)
    .split(/(\s+)/)
    .map((part, i) => ({ text: part, style: i % 2 === 0 ? style : ('plain' as const) }))
    .filter((span) => span.text !== '');
}

/** What the looks of tokens mean, in as few words as there is room for. */
export const legend = (room: number): Line =>
  fitting(room, [keyOf('surprisal in bits:', 'below '), keyOf('bits:', '<')]);

const keyOf = (title: string, below: string): Line => [
  { text: title, style: 'dim' },
  ...[`${below}1`, `${below}3`, `${below}6`, `${below}10`, 'more'].flatMap(
    (text, i): Line => [
      { text: ' ', style: 'plain' },
      { text, style: `surprisal${i as 0 | 1 | 2 | 3 | 4}` },
    ],
  ),
];

/** A token beside those before it. */
export interface PlacedRead extends Read {
  readonly index: number;
}

/** The tokens that the model saw coming least. */
export function surprises(reads: readonly PlacedRead[], room: number): string {
  const rows = reads.map(({ index, text, logprob, rawEntropy, rank }) => [
    String(index),
    shortened(visible(text, 'unicode', 'all'), Math.max(SHORTEST, room - OTHERS), 'unicode'),
    bits(-logprob!).toFixed(2),
    bits(rawEntropy!).toFixed(2),
    String(rank),
  ]);
  return table([['token', 'most surprising', 'bits', 'entropy', 'rank'], ...rows], room, [3]);
}

/** The summary as a table. */
export function summaryTable(summary: TextSummary, room: number): string {
  const { windows, loop, repetition } = summary;
  const share = (part: number) => `${(100 * part).toFixed(1)}%`;
  const inBits = (nats: number) => `${bits(nats).toFixed(3)} bits a token`;
  const rows = [
    ['tokens', `${summary.tokens}, of ${summary.bytes} bytes`],
    ['surprisal', inBits(summary.surprisal!)],
    ['entropy', inBits(summary.entropy!)],
    ['perplexity', summary.perplexity!.toFixed(2)],
    ['bits per byte', summary.bitsPerByte.toFixed(3)],
    ['diversity', summary.diversity.toFixed(3)],
    ['repeated', [2, 3, 4].map((n) => `${n}-grams ${share(repetition[n as 2])}`).join(', ')],
    ...(loop ? [['loop', `the last ${loop.period} tokens ${loop.repeats} times`]] : []),
    ...(windows ? [['read', windowsText(windows)]] : []),
  ];
  return table(rows, room);
}

/** One line on how it went. */
export function summaryLine({ tokens, perplexity, bitsPerByte, ...more }: TextSummary): string {
  const { diversity, windows } = more;
  const parts = [
    `${tokens} tokens`,
    `perplexity ${perplexity!.toFixed(2)}`,
    `${bitsPerByte.toFixed(3)} bits per byte`,
    `diversity ${diversity.toFixed(3)}`,
    ...(windows ? [windowsText(windows)] : []),
  ];
  return `${parts.join(', ')}\n`;
}

const windowsText = ({ count, length, stride }: NonNullable<TextSummary['windows']>) =>
  `in ${count} windows of ${length} tokens, ${stride} apart`;
