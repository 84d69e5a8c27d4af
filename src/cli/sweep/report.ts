import type { Interval } from '../../evaluation/index.ts';
import type { SettingSummary } from '../../generation/sweep/summarise.ts';
import type { Setting } from '../../generation/sweep/sweep-options.ts';
import { visible } from '../../ui/terminal/visible.ts';
import { fitText } from '../../ui/terminal/width.ts';
import { kebab } from '../kebab.ts';
import { table } from '../table.ts';
import type { Outcome } from './outcome.ts';
import { plot } from './plot.ts';
import { signOf } from './signs.ts';

/** A sweep for people: a table, a plot, how texts begin, what to use. */
export function report(outcome: Outcome, width: number): string {
  const { settings, best, reason, command } = outcome;
  const parts = [
    numbers(outcome),
    plot(outcome, width),
    `${settings.map((setting) => example(setting, best, width)).join('')}`,
    `recommended: ${labelOf(best.options)}\n${reason}\n${command}\n`,
  ];
  return parts.join('\n');
}

/** `temperature 0.7, top-p 0.9` */
export const labelOf = (options: Setting) =>
  Object.entries(options)
    .map(([name, value]) => `${kebab(name)} ${value}`)
    .join(', ');

function numbers({ settings, best, reference }: Outcome): string {
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
  const theirs = [diversity, coherence, Math.exp(-coherence)];
  return table([
    ['', ...names.map(kebab), ...head],
    ...rows,
    ...(reference
      ? [[...other, ...theirs.map((value, i) => (i === 2 ? figure(value) : value.toFixed(2)))]]
      : []),
  ]);
}

const figure = (value: number) => (value < 100 ? value.toPrecision(3) : value.toFixed(0));

/** A mean and half of its interval; of a single text nothing is known of its luck. */
const estimate = ({ mean, low, high }: Interval, runs: number) =>
  `${mean.toFixed(2)}${runs > 1 ? ` ±${((high - low) / 2).toFixed(2)}` : ''}`;

function example(setting: SettingSummary, best: SettingSummary, width: number): string {
  const text = visible(setting.example.replace(/\s+/g, ' ').trim(), 'unicode');
  const label = Object.values(setting.options).join(' ');
  return `${fitText(`${signOf(setting, best)}  ${label}  ${text}`, width - 1).trimEnd()}\n`;
}
