import type { Interval } from '../../evaluation/index.ts';
import type { SettingSummary } from '../../generation/sweep/summarise.ts';
import type { Setting } from '../../generation/sweep/sweep-options.ts';
import { shortened } from '../../ui/panes/shortened.ts';
import { visible } from '../../ui/terminal/visible.ts';
import { fitText } from '../../ui/terminal/width.ts';
import { kebab } from '../kebab.ts';
import { table } from '../table.ts';
import { wrapWords } from '../wrap-words.ts';
import type { Outcome } from './outcome.ts';
import { plot } from './plot.ts';
import { signOf } from './signs.ts';

/** What a pipe is taken for where something has to end. */
const PAGE = 79;
/** Perplexity, which coherence says too, then what is told of sets of texts, then repetition. */
const SPARE = ['perplexity', 'self-BLEU', 'loops', 'rep-4'];
/** Cells of an option's name where there is little room. */
const SHORT = 6;

/**
 * A sweep for people: a table, a plot, how texts begin, what to use.
 *
 * @param room cells of a line; what a table has no room for is left out
 */
export function report(outcome: Outcome, room: number): string {
  const { settings, best, reason, command } = outcome;
  const page = room < Infinity ? room : PAGE;
  const parts = [
    numbers(outcome, room),
    plot(outcome, page),
    settings.map((setting) => example(setting, best, page)).join(''),
    // The command is to be copied, so it stays one line.
    [
      ...[`recommended: ${labelOf(best.options)}`, reason].flatMap((text) => wrapWords(text, room)),
      command,
    ]
      .map((line) => `${line}\n`)
      .join(''),
  ];
  return parts.join('\n');
}

/** `temperature 0.7, top-p 0.9` */
export const labelOf = (options: Setting) =>
  Object.entries(options)
    .map(([name, value]) => `${kebab(name)} ${value}`)
    .join(', ');

function numbers(outcome: Outcome, room: number): string {
  const [head, ...rows] = rowsOf(outcome);
  const spare = SPARE.map((name) => head!.indexOf(name));
  const whole = table([head!, ...rows], room, spare);
  if (whole.split('\n').every((line) => line.length <= room)) return whole;
  const names = Object.keys(outcome.best.options).length;
  const brief = (cell: string, column: number) =>
    column <= names ? shortened(cell, SHORT, 'unicode') : cell.replace(/ ±.*/, '');
  return table([head!.map(brief), ...rows.map((row) => row.map(brief))], room, spare);
}

function rowsOf({ settings, best, reference }: Outcome): string[][] {
  const names = Object.keys(best.options);
  const head = ['diversity', 'coherence', 'perplexity', 'rep-4', 'self-BLEU', 'loops'];
  const rows = settings.map((setting) => [
    signOf(setting, best),
    ...Object.values(setting.options).map(String),
    estimate(setting.diversity, setting.runs),
    estimate(setting.coherence, setting.runs),
    figure(setting.perplexity.mean),
    setting.repetition.mean.toFixed(2),
    setting.selfBleu?.toFixed(2) ?? '-',
    `${Math.round(100 * setting.loops)}%`,
  ]);
  const { diversity = 0, coherence = 0 } = reference ?? {};
  const other = ['@', 'reference', ...names.slice(1).map(() => '')];
  const theirs = [diversity.toFixed(2), coherence.toFixed(2), figure(Math.exp(-coherence))];
  return [
    ['', ...names.map(kebab), ...head],
    ...rows,
    ...(reference ? [[...other, ...theirs]] : []),
  ];
}

const figure = (value: number) => (value < 100 ? value.toPrecision(3) : value.toFixed(0));

/** A mean and half of its interval; of a single text nothing is known of its luck. */
const estimate = ({ mean, low, high }: Interval, runs: number) =>
  `${mean.toFixed(2)}${runs > 1 ? ` ±${((high - low) / 2).toFixed(2)}` : ''}`;

function example(setting: SettingSummary, best: SettingSummary, room: number): string {
  const text = visible(setting.example.replace(/\s+/g, ' ').trim(), 'unicode');
  const label = Object.values(setting.options).join(' ');
  return `${fitText(`${signOf(setting, best)}  ${label}  ${text}`, room).trimEnd()}\n`;
}
