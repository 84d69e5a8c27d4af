import { show } from './check.ts';
import { KelvinError } from './error.ts';

/** One sampling option as data: enough to validate it, print its help or make a flag of it. */
export interface OptionRow {
  readonly kind: 'number' | 'integer' | 'biases' | 'order';
  /** One line, for help texts. */
  readonly summary: string;
  /** The allowed values, in words. */
  readonly interval: string;
  /** What an absent option means; undefined if that is decided when a sampler is made. */
  readonly default: unknown;
  /** The checked value, copied if it is an object. @throws KelvinError INVALID_OPTION */
  parse(value: unknown, name: string): unknown;
}

/** The error every refused option ends in: name, allowed interval, value received. */
export const invalidOption = (name: string, interval: string, value: unknown): KelvinError =>
  new KelvinError('INVALID_OPTION', `${name} must be ${interval}, got ${show(value)}`);

interface NumberSpec {
  readonly min: number;
  readonly max: number;
  /** The bounds themselves are excluded. */
  readonly open?: true;
  readonly default: number;
  readonly summary: string;
}

/** A row for a number in an interval. */
export function numberOption({ min, max, open, default: fallback, summary }: NumberSpec) {
  const interval = `a number in ${open ? '(' : '['}${min}, ${max}${open ? ')' : ']'}`;
  return {
    kind: 'number',
    summary,
    interval,
    default: fallback,
    parse(value: unknown, name: string): number {
      const inside =
        typeof value === 'number' &&
        (open ? value > min && value < max : value >= min && value <= max);
      if (!inside) throw invalidOption(name, interval, value);
      return value;
    },
  } as const;
}

interface IntegerSpec {
  /** Default: any safe integer. */
  readonly min?: number;
  /** Default: none. */
  readonly max?: number;
  readonly default: number | undefined;
  readonly summary: string;
}

/** A row for a safe integer with optional bounds. */
export function integerOption({ min, max, default: fallback, summary }: IntegerSpec) {
  const bounds = max === undefined ? `an integer ≥ ${min}` : `an integer in [${min}, ${max}]`;
  const interval = min === undefined ? 'a safe integer' : bounds;
  return {
    kind: 'integer',
    summary,
    interval,
    default: fallback,
    parse(value: unknown, name: string): number {
      if (
        typeof value !== 'number' ||
        !Number.isSafeInteger(value) ||
        value < (min ?? value) ||
        value > (max ?? value)
      )
        throw invalidOption(name, interval, value);
      return value;
    },
  } as const;
}
