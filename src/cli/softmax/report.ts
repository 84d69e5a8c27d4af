import { exp } from '../../sampling/exp.ts';
import { significant } from '../significant.ts';
import type { SoftmaxFacts } from './facts.ts';

/** The facts as tables for people. */
export function softmaxReport(facts: SoftmaxFacts): string {
  const parts = [shares(facts), told(facts), temperatures(facts)];
  if (facts.jacobian !== undefined) parts.push(jacobian(facts.jacobian));
  return parts.join('\n');
}

function shares(facts: SoftmaxFacts): string {
  const { target } = facts;
  return columns([
    ['', ...facts.numbers.map((_, i) => String(i))],
    ['number', ...facts.numbers.map(significant)],
    [`softmax${at(facts)}`, ...facts.softmax.map(significant)],
    ['standard', ...each(facts.standardNormalization, facts.numbers.length)],
    ['argmax', ...facts.oneHot.map(significant)],
    ...(target ? [['gradient', ...each(target.gradient, facts.numbers.length)]] : []),
  ]);
}

function told(facts: SoftmaxFacts): string {
  const { entropy, target, standardNormalization: standard } = facts;
  const choices = `like ${significant(exp(entropy))} equal choices`;
  const lines = [`entropy ${both(entropy)}, ${choices}`];
  if (target) {
    lines.push(`loss of target ${target.index} ${both(target.negativeLogLikelihood)}`);
    if (target.gradient === null) lines.push('no gradient at temperature 0, where softmax jumps');
  }
  if (standard === null) lines.push('no standard normalisation: no finite sum other than 0');
  else if (standard.some((share) => share < 0))
    lines.push('standard normalisation gives negative shares: no distribution');
  return `${lines.join('\n')}\n`;
}

function temperatures({ numbers, temperatures }: SoftmaxFacts): string {
  return columns([
    ['temperature', ...numbers.map((_, i) => String(i)), 'entropy'],
    ...temperatures.map(({ temperature, softmax, entropy }) => [
      significant(temperature),
      ...softmax.map(significant),
      significant(entropy),
    ]),
  ]);
}

function jacobian(rows: SoftmaxFacts['jacobian']): string {
  if (!rows) return 'no Jacobian at temperature 0, where softmax jumps\n';
  const head = ['d softmax', ...rows.map((_, i) => String(i))];
  // Symmetric, so rows may stand for columns.
  return columns([head, ...rows.map((row, i) => [`/ d ${i}`, ...row.map(significant)])]);
}

/** Columns as lines, aligned on the right. */
function columns(columns: readonly (readonly string[])[]): string {
  const widths = columns.map((column) =>
    column.reduce((width, { length }) => Math.max(width, length), 0),
  );
  const line = (_: unknown, i: number) =>
    columns.map((column, c) => column[i]!.padStart(widths[c]!)).join('  ');
  return columns[0]!.map((cell, i) => `${line(cell, i)}\n`).join('');
}

const at = ({ temperature }: SoftmaxFacts) =>
  temperature === 1 ? '' : ` at ${significant(temperature)}`;

const each = (values: readonly number[] | null, count: number) =>
  values?.map(significant) ?? Array<string>(count).fill('-');

const both = (nats: number) => `${significant(nats)} nats, ${significant(nats / Math.LN2)} bits`;
