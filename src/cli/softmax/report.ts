import { exp } from '../../sampling/exp.ts';
import { significant } from '../significant.ts';
import { wrapWords } from '../wrap-words.ts';
import type { SoftmaxFacts } from './facts.ts';

/**
 * The facts as tables for people.
 *
 * @param room cells of a line; what is wider goes on below
 */
export function softmaxReport(facts: SoftmaxFacts, room: number): string {
  const parts = [shares(facts), told(facts), temperatures(facts)];
  if (facts.jacobian !== undefined) parts.push(jacobian(facts.jacobian));
  return parts
    .map((part) =>
      isLines(part) ? linesOf(part.flatMap((line) => wrapWords(line, room))) : blocks(part, room),
    )
    .join('\n');
}

/** Columns with as many cells. */
type Columns = readonly (readonly string[])[];
type Lines = readonly string[];

const isLines = (part: Columns | Lines): part is Lines => typeof part[0] === 'string';

function shares(facts: SoftmaxFacts): Columns {
  const { target } = facts;
  return [
    ['', ...facts.numbers.map((_, i) => String(i))],
    ['number', ...facts.numbers.map(significant)],
    [`softmax${at(facts)}`, ...facts.softmax.map(significant)],
    ['standard', ...each(facts.standardNormalization, facts.numbers.length)],
    ['argmax', ...facts.oneHot.map(significant)],
    ...(target ? [['gradient', ...each(target.gradient, facts.numbers.length)]] : []),
  ];
}

function told(facts: SoftmaxFacts): Lines {
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
  return lines;
}

function temperatures({ numbers, temperatures }: SoftmaxFacts): Columns {
  return [
    ['temperature', ...numbers.map((_, i) => String(i)), 'entropy'],
    ...temperatures.map(({ temperature, softmax, entropy }) => [
      significant(temperature),
      ...softmax.map(significant),
      significant(entropy),
    ]),
  ];
}

function jacobian(rows: SoftmaxFacts['jacobian']): Columns | Lines {
  if (!rows) return ['no Jacobian at temperature 0, where softmax jumps'];
  const head = ['d softmax', ...rows.map((_, i) => String(i))];
  // Symmetric, so rows may stand for columns.
  return [head, ...rows.map((row, i) => [`/ d ${i}`, ...row.map(significant)])];
}

/** Aligned on the right; columns that do not fit go below, behind the first one again. */
function blocks(columns: Columns, room: number): string {
  const [first, ...rest] = columns.map(aligned) as [Lines, ...Lines[]];
  const all = [[first]];
  let taken = first[0]!.length;
  for (const column of rest) {
    const width = GAP.length + column[0]!.length;
    if (taken + width > room) {
      all.push([first]);
      taken = first[0]!.length;
    }
    all.at(-1)!.push(column);
    taken += width;
  }
  const block = (columns: Columns) =>
    linesOf(first.map((_, row) => columns.map((column) => column[row]).join(GAP)));
  return all
    .filter(({ length }) => length > 1)
    .map(block)
    .join('\n');
}

function aligned(cells: Lines): Lines {
  const width = cells.reduce((width, { length }) => Math.max(width, length), 0);
  return cells.map((cell) => cell.padStart(width));
}

const GAP = '  ';

const linesOf = (lines: Lines) => lines.map((line) => `${line}\n`).join('');

const at = ({ temperature }: SoftmaxFacts) =>
  temperature === 1 ? '' : ` at ${significant(temperature)}`;

const each = (values: readonly number[] | null, count: number) =>
  values?.map(significant) ?? Array<string>(count).fill('-');

const both = (nats: number) => `${significant(nats)} nats, ${significant(nats / Math.LN2)} bits`;
