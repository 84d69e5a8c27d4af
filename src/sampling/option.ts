import { show } from './check.ts';
import { KelvinError } from './error.ts';
import { checkOptionNames, isRecord } from './option-names.ts';

/** One sampling option as data: enough to validate it, print its help or make a flag of it. */
export interface OptionRow {
  readonly kind:
    | 'number'
    | 'integer'
    | 'biases'
    | 'order'
    | 'tokens'
    | 'sequences'
    | 'record'
    | 'constraint';
  /** One line, for help texts. */
  readonly summary: string;
  /** The allowed values, in words. */
  readonly interval: string;
  /**
   * What an absent option means; undefined if its stage is then off, or if that is decided when a
   * sampler is made. A member of a record that has no default must be given.
   */
  readonly default: unknown;
  /** The rows of a record's members. */
  readonly members?: Readonly<Record<string, OptionRow>>;
  /** The checked value, copied if it is plain data. @throws KelvinError INVALID_OPTION */
  parse(value: unknown, name: string): unknown;
}

/** The error every refused option ends in: name, allowed interval, value received. */
export const invalidOption = (name: string, interval: string, value: unknown): KelvinError =>
  new KelvinError('INVALID_OPTION', `${name} must be ${interval}, got ${show(value)}`);

interface NumberSpec<Default> {
  readonly min: number;
  readonly max: number;
  /** Both bounds are excluded. */
  readonly open?: true;
  /** The lower bound is excluded. */
  readonly openMin?: true;
  /** The upper bound is excluded. */
  readonly openMax?: true;
  readonly default: Default;
  readonly summary: string;
}

/** A row for a number in an interval. */
export function numberOption<const Default extends number | undefined>({
  min,
  max,
  open,
  openMin = open,
  openMax = open,
  default: fallback,
  summary,
}: NumberSpec<Default>) {
  const interval = `a number in ${openMin ? '(' : '['}${min}, ${max}${openMax ? ')' : ']'}`;
  return {
    kind: 'number',
    summary,
    interval,
    default: fallback,
    parse(value: unknown, name: string): number {
      const inside =
        typeof value === 'number' &&
        (openMin ? value > min : value >= min) &&
        (openMax ? value < max : value <= max);
      if (!inside) throw invalidOption(name, interval, value);
      return value;
    },
  } as const;
}

interface IntegerSpec<Default> {
  /** Default: any safe integer. */
  readonly min?: number;
  /** Default: none. */
  readonly max?: number;
  /** One between the bounds that is not allowed. */
  readonly except?: number;
  readonly default: Default;
  readonly summary: string;
}

/** A row for a safe integer with optional bounds. */
export function integerOption<const Default extends number | undefined>({
  min,
  max,
  except,
  default: fallback,
  summary,
}: IntegerSpec<Default>) {
  const bounds = max === undefined ? `an integer ≥ ${min}` : `an integer in [${min}, ${max}]`;
  const hole = except === undefined ? '' : ` other than ${except}`;
  const interval = min === undefined ? 'a safe integer' : bounds + hole;
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
        value > (max ?? value) ||
        value === except
      )
        throw invalidOption(name, interval, value);
      return value;
    },
  } as const;
}

interface RecordSpec {
  readonly members: Readonly<Record<string, OptionRow>>;
  readonly summary: string;
}

/** A row for a group of values that only make sense together. Absent, its stage is off. */
export function recordOption({ members, summary }: RecordSpec) {
  const names = Object.keys(members);
  const interval = `an object with ${names.join(', ')}`;
  return {
    kind: 'record',
    summary,
    interval,
    default: undefined,
    members,
    parse(value: unknown, name: string): object {
      if (!isRecord(value)) throw invalidOption(name, interval, value);
      checkOptionNames(value, names, `${name} option`);
      const given = value as Readonly<Record<string, unknown>>;
      const entries = Object.entries(members).map(([member, row]) => {
        const part = given[member];
        const absent = part === undefined && row.default !== undefined;
        return [member, absent ? row.default : row.parse(part, `${name}.${member}`)];
      });
      return Object.freeze(Object.fromEntries(entries));
    },
  } as const;
}
