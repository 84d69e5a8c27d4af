import type { Fit, ReliabilityBin } from '../../evaluation/index.ts';
import type { TextCalibration } from '../../generation/calibrate.ts';
import type { Line } from '../../ui/line.ts';
import { fitting } from '../fitting.ts';
import { significant } from '../significant.ts';
import { table } from '../table.ts';
import { wrapWords } from '../wrap-words.ts';

/** What is left of the slope where the search has come to its end. */
const LEVEL = 1e-6;

/** Whether there is a best temperature between 0 and Infinity, and it was found. */
export function isConverged({ temperature, slope }: TextCalibration): boolean {
  return temperature > 0 && temperature < Infinity && Math.abs(slope) <= LEVEL;
}

/** What was fitted, and what it does to loss and reliability. */
export function fitTable(result: TextCalibration, room: number): string {
  const { temperature, interval, before, after, tokens, every } = result;
  const row = (name: string, value: (fit: Fit) => number) => [
    name,
    value(before).toFixed(4),
    value(after).toFixed(4),
  ];
  const facts = [
    ...(interval ? [`95 % interval ${shown(interval.low)} to ${shown(interval.high)}`] : []),
    `${tokens} tokens measured, ${every === 1 ? 'all' : `one in ${every}`}`,
    ...wrapWords(verdict(result), room),
  ];
  return `${table([
    ['', 'before', 'after'],
    ['temperature', '1', shown(temperature)],
    row('loss, nats', ({ loss }) => loss),
    row('perplexity', ({ loss }) => Math.exp(loss)),
    row('calibration error', ({ calibrationError }) => calibrationError),
  ])}\n${facts.map((fact) => `${fact}\n`).join('')}`;
}

/** How often the first choice was right, by how sure the model was of it. */
export function reliabilityTable({ before, after }: TextCalibration, room: number): string {
  const cells = ({ count, confidence, accuracy }: ReliabilityBin) =>
    count === 0 ? ['0', '-', '-'] : [String(count), percent(confidence), percent(accuracy)];
  const beside = (...fits: readonly (readonly [string, Fit])[]) =>
    table([
      ['', ...fits.flatMap(([name]) => [name, '', ''])],
      ['confidence', ...fits.flatMap(() => ['tokens', 'sure', 'right'])],
      ...before.bins.map(({ low, high }, i) => [
        `${percent(low)} to ${percent(high)}`,
        ...fits.flatMap(([, { bins }]) => cells(bins[i]!)),
      ]),
    ]);
  const whole = beside(['before', before], ['after', after]);
  if (whole.split('\n').every(({ length }) => length <= room)) return whole;
  return `${beside(['before', before])}\n${beside(['after', after])}`;
}

/** What the signs of the plot mean, as far as there is room for it. */
export function key(room: number): Line {
  const signs: Line = [
    { text: '○ before', style: 'left' },
    { text: '  ', style: 'plain' },
    { text: '● after', style: 'right' },
  ];
  const axes = { text: '  right, over sure of the first choice', style: 'dim' } as const;
  return fitting(room, [[...signs, axes], signs]);
}

const percent = (share: number) => `${(100 * share).toFixed(0)}%`;

const shown = (temperature: number) =>
  temperature > 0.01 && temperature < 100 ? temperature.toFixed(4) : significant(temperature);

function verdict(result: TextCalibration): string {
  const { temperature, interval, slope } = result;
  if (temperature === 0)
    return 'no best temperature: every token is the likeliest one, so colder is always better';
  if (temperature === Infinity)
    return 'no best temperature: the tokens are no likelier than others, so hotter is always better';
  if (!isConverged(result)) return `not converged: the loss still has slope ${significant(slope)}`;
  if (interval && interval.low <= 1 && interval.high >= 1)
    return 'converged; 1 is in the interval: this text does not tell whether another is better';
  if (temperature > 1) return 'converged; on this text the model is surer than it should be';
  return temperature < 1
    ? 'converged; on this text the model is less sure than it might be'
    : 'converged; no temperature explains this text better than 1';
}
