import { Option } from 'commander';
import type { OptionRow } from '../sampling/option.ts';
import { numeral } from './numeral.ts';
import { record, recordInterval } from './record-flag.ts';
import { UsageError } from './usage-error.ts';

/** An option that can be written on a command line. */
export interface FlagRow extends OptionRow {
  readonly kind: Exclude<OptionRow['kind'], 'constraint'>;
}

/** Whether an option can be written on a command line; an object with methods cannot. */
export const isFlag = (row: OptionRow): row is FlagRow => row.kind !== 'constraint';

// What a flag takes, by the kind of option; what is allowed in the command line's words where they
// differ from the library's.
const KINDS: Readonly<Record<FlagRow['kind'], Kind>> = {
  number: { value: '<x>', read: numeral },
  integer: { value: '<n>', read: numeral },
  biases: {
    value: '<id=bias>',
    read: biases,
    interval: () => 'a token id and a finite number or -inf, repeatable',
  },
  order: { value: '<order>', read: order },
  tokens: {
    value: '<ids>',
    read: (text, _, previous) => [...((previous as unknown[]) ?? []), ...tokens(text)],
    interval: () => 'token ids, as in 13,42, repeatable',
  },
  sequences: {
    value: '<ids>',
    read: (text, _, previous) => [...((previous as unknown[]) ?? []), tokens(text)],
    interval: () => 'a sequence of token ids, as in 13,42, repeatable',
  },
  record: { value: '<name=x,...>', read: record, interval: recordInterval },
};

interface Kind {
  readonly value: string;
  /** Turns the argument into what the option's own check wants; it names what it refuses. */
  read(text: string, flag: string, previous: unknown, row: OptionRow): unknown;
  interval?(row: OptionRow): string;
}

/**
 * A flag made of an option's row, so that command line and library can never allow different
 * values or tell different defaults.
 *
 * @param names the flag's names, the long one last: `-n, --max-tokens`
 */
export function flagOf(names: string, row: FlagRow): Option {
  const { value, read, interval = () => row.interval } = KINDS[row.kind];
  const flag = names.slice(names.lastIndexOf('--'));
  const fallback = typeof row.default === 'object' ? undefined : row.default;
  const allowed = fallback === undefined ? interval(row) : `${interval(row)}; default ${fallback}`;
  const option = new Option(`${names} ${value}`, `${row.summary}\n${allowed}`);
  // The parser takes `--no-repeat-ngram-size` for the opposite of `--repeat-ngram-size`.
  option.negate = false;
  return option.argParser((text, previous: unknown) =>
    row.parse(read(text, flag, previous, row), flag),
  );
}

const tokens = (text: string) => text.split(',').map((id) => numeral(id.trim()));

function biases(text: string, flag: string, previous: unknown): Record<string, unknown> {
  const [, id, bias] = /^(\d+)=(.+)$/.exec(text) ?? [];
  if (id === undefined || bias === undefined) {
    throw new UsageError(`${flag} must be id=bias, as in 42=-inf, got ${JSON.stringify(text)}`);
  }
  const given = previous as Record<string, unknown> | undefined;
  const token = String(Number(id));
  if (given && token in given) throw new UsageError(`${flag} names token ${token} twice`);
  return { ...given, [token]: numeral(bias) };
}

// A preset, or names of stages; those may be written as flags are (`top-k`) or as the library does.
function order(text: string): string | string[] {
  if (text.startsWith('temperature-')) return text;
  const camel = (name: string) =>
    name.trim().replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
  return text.split(',').map(camel);
}
