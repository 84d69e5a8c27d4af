import type { Writer } from './node.ts';

/** The end of an interval of numbers. */
export interface Bound {
  readonly value: number;
  /** Whether the value itself is outside. */
  readonly open: boolean;
}

/** A number of some length on its way: what is left of it. */
interface Thread {
  /** Digits before the point. */
  readonly whole: number;
  readonly fraction: number;
  /** Whether the point has been written, and whether a digit behind it has. */
  readonly behind: 'no' | 'point' | 'digit';
  /** The digits of the bounds from here on; absent where what is written is above, below them. */
  readonly low: Digits | undefined;
  readonly high: Digits | undefined;
}

interface Digits {
  readonly digits: string;
  readonly open: boolean;
}

/**
 * A grammar for the decimals in an interval, without exponents.
 *
 * @param low, high with at most `fraction` decimals, below 2^53
 * @param fraction most digits behind the point, ≤ 15
 * @returns undefined where there are none
 */
export function decimals(
  low: Bound,
  high: Bound,
  fraction: number,
  writer: Writer,
): string | undefined {
  const zero = { value: 0, open: false };
  const positive = high.value >= 0 && magnitudes(low.value >= 0 ? low : zero, high, fraction);
  // Zero has no sign here.
  const least = high.value < 0 ? mirrored(high) : { ...zero, open: true };
  const negative = low.value < 0 && magnitudes(least, mirrored(low), fraction);
  const known = new Map<string, string | undefined>();
  const above = positive && after(positive, writer, known);
  const below = negative && after(negative, writer, known);
  const parts = [...(below ? [`"-" ${below}`] : []), ...(above ? [above] : [])];
  return parts.length === 0 ? undefined : writer.rule(parts);
}

const mirrored = ({ value, open }: Bound): Bound => ({ value: -value, open });

/** The numbers ≥ 0 of an interval, by the length of their whole part. */
function magnitudes(low: Bound, high: Bound, fraction: number): readonly Thread[] {
  const text = ({ value }: Bound) => value.toFixed(fraction);
  const width = (bound: Bound) => text(bound).split('.')[0]!.length;
  const digits = (bound: Bound) => ({ digits: text(bound).replace('.', ''), open: bound.open });
  const [from, to] = [width(low), width(high)];
  return Array.from({ length: to - from + 1 }, (_, i) => ({
    ...{ whole: from + i, fraction, behind: 'no' as const },
    low: i === 0 ? digits(low) : { digits: '1', open: false },
    high: from + i === to ? digits(high) : undefined,
  }));
}

/** A rule for what may follow; undefined where nothing can. No two alternatives begin alike. */
function after(
  threads: readonly Thread[],
  writer: Writer,
  known: Map<string, string | undefined>,
): string | undefined {
  const key = JSON.stringify(threads);
  if (known.has(key)) return known.get(key);
  const next = (step: (thread: Thread) => Thread | undefined) => {
    const left = threads.map(step).filter((thread) => thread !== undefined);
    return left.length === 0 ? undefined : after(left, writer, known);
  };
  const alternatives = threads.some(mayEnd) ? ['""'] : [];
  const behind = next(pointed);
  if (behind) alternatives.push(`"." ${behind}`);
  const rests = Array.from({ length: 10 }, (_, digit) => next((thread) => stepped(thread, digit)));
  rests.forEach((rest, digit) => {
    if (rest) alternatives.push(`"${digit}" ${rest}`);
  });
  const rule = alternatives.length === 0 ? undefined : writer.rule(alternatives);
  known.set(key, rule);
  return rule;
}

const isZero = ({ digits }: Digits) => /^0*$/.test(digits);

/** To end is to go on with zeros. */
const mayEnd = ({ whole, behind, low, high }: Thread): boolean =>
  whole === 0 && behind !== 'point' && !low && !(high?.open && isZero(high));

const pointed = (thread: Thread): Thread | undefined =>
  thread.whole === 0 && thread.behind === 'no' && thread.fraction > 0
    ? { ...thread, behind: 'point' }
    : undefined;

function stepped(thread: Thread, digit: number): Thread | undefined {
  const { whole, fraction, behind } = thread;
  if (whole === 0 && (behind === 'no' || fraction === 0)) return undefined;
  const [low, high] = [followed(thread.low, digit), followed(thread.high, digit)];
  if (low === 'below' || high === 'above') return undefined;
  return {
    ...(whole > 0
      ? { whole: whole - 1, fraction, behind }
      : { whole, fraction: fraction - 1, behind: 'digit' as const }),
    // Everything is above zeros.
    low: typeof low === 'object' && (low.open || !isZero(low)) ? low : undefined,
    high: typeof high === 'object' ? high : undefined,
  };
}

/** What is left of a bound behind a digit, or on which side of it the number is now. */
function followed(
  bound: Digits | undefined,
  digit: number,
): Digits | 'below' | 'above' | undefined {
  if (!bound) return undefined;
  const own = Number(bound.digits[0] ?? 0);
  if (digit !== own) return digit < own ? 'below' : 'above';
  return { ...bound, digits: bound.digits.slice(1) };
}
