import { either, literal } from './ebnf.ts';

/** The end of an interval of numbers. */
export interface Bound {
  readonly value: number;
  /** Whether the value itself is outside. */
  readonly open: boolean;
}

/**
 * A grammar for the decimals in an interval, without exponents.
 *
 * @param low, high with at most `fraction` decimals each, below 2^53
 * @param fraction most digits behind the point, ≤ 15
 * @returns undefined where there are none
 */
export function decimals(low: Bound, high: Bound, fraction: number): string | undefined {
  const zero = { value: 0, open: false };
  const parts: (string | undefined)[] = [];
  if (high.value >= 0) parts.push(magnitudes(low.value >= 0 ? low : zero, high, fraction));
  if (low.value < 0) {
    // Zero has no sign here.
    const least = high.value < 0 ? mirrored(high) : { ...zero, open: true };
    const below = magnitudes(least, mirrored(low), fraction);
    parts.push(below && `"-" ${below}`);
  }
  return alternatives(parts);
}

const mirrored = ({ value, open }: Bound): Bound => ({ value: -value, open });

function alternatives(parts: readonly (string | undefined)[]): string | undefined {
  const some = parts.filter((part) => part !== undefined);
  return some.length === 0 ? undefined : either(some);
}

/** As {@link decimals}, for an interval of numbers ≥ 0: by the length of their whole part. */
function magnitudes(low: Bound, high: Bound, fraction: number): string | undefined {
  const [from, to] = [digitsOf(low, fraction), digitsOf(high, fraction)];
  const widths = Array.from({ length: to.whole - from.whole + 1 }, (_, i) => from.whole + i);
  return alternatives(
    widths.map((whole) => {
      const least =
        whole === from.whole
          ? from
          : { ...from, digits: `1${'0'.repeat(whole - 1 + fraction)}`, open: false };
      const most =
        whole === to.whole ? to : { ...to, digits: '9'.repeat(whole + fraction), open: false };
      return tail(0, least, most, whole);
    }),
  );
}

interface Digits {
  /** The digits of the whole part and of the fraction. */
  readonly digits: string;
  readonly open: boolean;
  readonly whole: number;
}

function digitsOf({ value, open }: Bound, fraction: number): Digits {
  const [whole = '', rest = ''] = value.toFixed(fraction).split('.');
  return { digits: whole + rest, open, whole: whole.length };
}

/**
 * What may follow the first `at` digits.
 *
 * @param low, high undefined once the digits before are above, below theirs
 */
function tail(
  at: number,
  low: Digits | undefined,
  high: Digits | undefined,
  whole: number,
): string | undefined {
  const length = (low ?? high)?.digits.length ?? 0;
  const isZero = (bound: Digits) => /^0*$/.test(bound.digits.slice(at));
  // To end here is to go on with zeros.
  const mayEnd =
    at >= whole && (!low || (isZero(low) && !low.open)) && (!high || !isZero(high) || !high.open);
  const parts: (string | undefined)[] = mayEnd ? ['""'] : [];
  if (at < length) {
    const first = Number(low?.digits[at] ?? 0);
    const last = Number(high?.digits[at] ?? 9);
    const point = at === whole ? '"." ' : '';
    const go = (from: number, to: number, rest: string | undefined) => {
      if (from <= to && rest !== undefined)
        parts.push(`${point}${from === to ? literal(String(from)) : `[${from}-${to}]`} ${rest}`);
    };
    if (low && high && first === last) go(first, last, tail(at + 1, low, high, whole));
    else {
      if (low) go(first, first, tail(at + 1, low, undefined, whole));
      go(low ? first + 1 : first, high ? last - 1 : last, free(at + 1, whole, length));
      if (high) go(last, last, tail(at + 1, undefined, high, whole));
    }
  }
  return alternatives(parts);
}

/** Any digits behind the first `at`. */
function free(at: number, whole: number, length: number): string {
  if (at > whole) return `[0-9]{0,${length - at}}`;
  const fraction = length > whole ? ` ("." [0-9]{1,${length - whole}})?` : '';
  return (at < whole ? `[0-9]{${whole - at}}` : '""') + fraction;
}
