import { invalidOption } from '../../sampling/option.ts';
import { type Bound, decimals } from './decimals.ts';
import { at, type Node, type Writer } from './node.ts';

/** The integers that a Float64 tells apart. */
const LARGEST_INTEGER = Number.MAX_SAFE_INTEGER;
const LARGEST_NUMBER = 1e15;
/** Digits that every Float64 keeps. */
const DIGITS = 15;
const FRACTION = 6;

/** Integers and numbers: any, or those between bounds, without exponents. */
export function numberGrammar(
  kind: 'integer' | 'number',
  schema: Node,
  path: string,
  writer: Writer,
): string {
  const largest = kind === 'integer' ? LARGEST_INTEGER : LARGEST_NUMBER;
  const bound = (keyword: string, open: boolean): Bound & { readonly keyword: string } => {
    const value = schema[keyword] ?? (keyword.endsWith('inimum') ? -largest : largest);
    if (typeof value !== 'number' || Math.abs(value) > largest)
      throw invalidOption(at(path, keyword), `a number in [${-largest}, ${largest}]`, value);
    return { keyword, value, open: open && schema[keyword] !== undefined };
  };
  const lows = [bound('minimum', false), bound('exclusiveMinimum', true)];
  const highs = [bound('maximum', false), bound('exclusiveMaximum', true)];
  const given = [...lows, ...highs].filter(({ keyword }) => schema[keyword] !== undefined);
  if (given.length === 0) return kind;
  const low = lows.reduce((a, b) => (b.value > a.value || (b.value === a.value && b.open) ? b : a));
  const high = highs.reduce((a, b) =>
    b.value < a.value || (b.value === a.value && b.open) ? b : a,
  );
  const fraction = kind === 'integer' ? 0 : fractionOf(given, path);
  const text =
    kind === 'integer'
      ? decimals(
          inside(low, Math.floor(low.value) + 1, Math.ceil(low.value)),
          inside(high, Math.ceil(high.value) - 1, Math.floor(high.value)),
          0,
          writer,
        )
      : decimals(low, high, fraction, writer);
  if (text !== undefined) return text;
  throw invalidOption(at(path, given[0]!.keyword), 'a bound that leaves a number', given[0]!.value);
}

/** The last integer inside an interval. */
const inside = ({ open }: Bound, next: number, same: number): Bound => ({
  value: open ? next : same,
  open: false,
});

/** How many decimals there may be: those of the bounds, and a few where they have none. */
function fractionOf(
  given: readonly (Bound & { readonly keyword: string })[],
  path: string,
): number {
  const fraction = Math.max(FRACTION, ...given.map(({ value }) => decimalsOf(value)));
  for (const { keyword, value, open } of given) {
    // So that what is written short of an open bound is not rounded to it.
    const room = open ? 10 ** (DIGITS - fraction) : LARGEST_NUMBER;
    if (fraction > DIGITS || Math.abs(value) > room)
      throw invalidOption(at(path, keyword), `a number of at most ${DIGITS} digits`, value);
  }
  return fraction;
}

/** Decimals of the shortest text of a number. */
function decimalsOf(value: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e');
  return Math.max(0, (digits.split('.')[1] ?? '').length - Number(exponent));
}
