import type { Read } from '../../generation/score.ts';
import type { Line, Style } from '../../ui/line.ts';
import { bits } from '../../ui/panes/numbers.ts';
import { surprisal } from '../../ui/panes/text.ts';
import { harmless } from '../../ui/terminal/harmless.ts';
import { visible } from '../../ui/terminal/visible.ts';
import { table } from '../table.ts';
import type { TextSummary } from './scored.ts';

/** A token's text by its surprisal; spaces are left as they are. */
export function tokenLine({ text, logprob }: Read): Line {
  const style: Style = logprob === undefined ? 'dim' : surprisal(logprob);
  return harmless(text)
    .split(/(\s+)/)
    .map((part, i) => ({ text: part, style: i % 2 === 0 ? style : ('plain' as const) }))
    .filter((span) => span.text !== '');
}

/** What the looks of tokens mean. */
export const LEGEND: Line = [
  { text: 'surprisal in bits: ', style: 'dim' },
  { text: 'below 1', style: 'surprisal0' },
  { text: ' ', style: 'plain' },
  { text: 'below 3', style: 'surprisal1' },
  { text: ' ', style: 'plain' },
  { text: 'below 6', style: 'surprisal2' },
  { text: ' ', style: 'plain' },
  { text: 'below 10', style: 'surprisal3' },
  { text: ' ', style: 'plain' },
  { text: 'more', style: 'surprisal4' },
];

/** A token beside those before it. */
export interface PlacedRead extends Read {
  readonly index: number;
}

/** The tokens that the model saw coming least. */
export function surprises(reads: readonly PlacedRead[]): string {
  const rows = reads.map(({ index, text, logprob, rawEntropy, rank }) => [
    String(index),
    visible(text, 'unicode', 'all'),
    bits(-logprob!).toFixed(2),
    bits(rawEntropy!).toFixed(2),
    String(rank),
  ]);
  return table([['token', 'most surprising', 'bits', 'entropy', 'rank'], ...rows]);
}

/** The summary as a table. */
export function summaryTable(summary: TextSummary): string {
  const { windows, loop, repetition } = summary;
  const share = (part: number) => `${(100 * part).toFixed(1)}%`;
  const inBits = (nats: number) => `${bits(nats).toFixed(3)} bits a token`;
  return table([
    ['tokens', `${summary.tokens}, of ${summary.bytes} bytes`],
    ['surprisal', inBits(summary.surprisal!)],
    ['entropy', inBits(summary.entropy!)],
    ['perplexity', summary.perplexity!.toFixed(2)],
    ['bits per byte', summary.bitsPerByte.toFixed(3)],
    ['diversity', summary.diversity.toFixed(3)],
    ['repeated', [2, 3, 4].map((n) => `${n}-grams ${share(repetition[n as 2])}`).join(', ')],
    ...(loop ? [['loop', `the last ${loop.period} tokens ${loop.repeats} times`]] : []),
    ...(windows ? [['read', windowsText(windows)]] : []),
  ]);
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
