import { MOST_SETTINGS } from '../../generation/sweep/sweep-options.ts';
import type { OptionRow } from '../../sampling/option.ts';
import { numeral } from '../numeral.ts';
import { UsageError } from '../usage-error.ts';

const FORM = 'from:to:step with from ≤ to and step > 0, or values as in 0.5,1';

/**
 * The values of one axis: `0:2:0.1`, ends included, or a list.
 *
 * @param name what is said of it in errors, as in `--temperatures`
 * @param row the option whose values they are
 */
export function readRange(text: string, name: string, row: OptionRow): number[] {
  const values = text.includes(':') ? stretch(text, name) : text.split(',').map(valueIn);
  const checked = values.map((value) => row.parse(value, name) as number);
  const twice = checked.find((value, i) => checked.indexOf(value) !== i);
  if (twice !== undefined) throw new UsageError(`${name} names ${twice} twice`);
  return checked;
}

const valueIn = (text: string) => numeral(text.trim());

function stretch(text: string, name: string): number[] {
  const parts = text.split(':').map(valueIn);
  const [from, to, step] = parts as [number, number, number];
  const isRange =
    parts.length === 3 &&
    parts.every(Number.isFinite) &&
    from <= to &&
    step > 0 &&
    to - from < 1e15;
  if (!isRange) throw new UsageError(`${name} must be ${FORM}, got ${JSON.stringify(text)}`);
  // A step that does not go into the range exactly, in binary, reaches its end all the same.
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  if (count > MOST_SETTINGS)
    throw new UsageError(
      `${name} must have at most ${MOST_SETTINGS} values, got ${JSON.stringify(text)}, which has ${count}`,
    );
  const decimals = Math.min(15, Math.max(decimalsOf(from), decimalsOf(step)));
  return Array.from({ length: count }, (_, i) => Number((from + i * step).toFixed(decimals)));
}

function decimalsOf(value: number): number {
  const [, digits = '', exponent = '0'] = /^-?\d*\.?(\d*)(?:e(.+))?$/.exec(String(value)) ?? [];
  return Math.max(0, digits.length - Number(exponent));
}
