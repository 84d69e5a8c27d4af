import { Option } from 'commander';
import type { OptionRow } from '../sampling/option.ts';
import { UsageError } from './usage-error.ts';

// What a flag takes, by the kind of option; what is allowed in the command line's words where they
// differ from the library's.
const KINDS: Readonly<Record<OptionRow['kind'], Kind>> = {
  number: { value: '<x>', read: numeral },
  integer: { value: '<n>', read: numeral },
  biases: {
    value: '<id=bias>',
    read: biases,
    interval: 'a token id and a finite number or -inf, repeatable',
  },
  order: { value: '<order>', read: order },
};

interface Kind {
  readonly value: string;
  /** Turns the argument into what the option's own check wants; it names what it refuses. */
  read(text: string, flag: string, previous: unknown): unknown;
  readonly interval?: string;
}

/**
 * A flag made of an option's row, so that command line and library can never allow different
 * values or tell different defaults.
 *
 * @param names the flag's names, the long one last: `-n, --max-tokens`
 */
export function flagOf(names: string, row: OptionRow): Option {
  const { value, read, interval = row.interval } = KINDS[row.kind];
  const flag = names.slice(names.lastIndexOf('--'));
  const fallback = typeof row.default === 'object' ? undefined : row.default;
  const allowed = fallback === undefined ? interval : `${interval}; default ${fallback}`;
  return new Option(`${names} ${value}`, `${row.summary}\n${allowed}`).argParser(
    (text, previous: unknown) => row.parse(read(text, flag, previous), flag),
  );
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const INFINITE = /^([+-]?)inf(inity)?$/i;

/** A number as people write it, `inf` included; anything else stays the text it is. */
function numeral(text: string): number | string {
  const infinite = INFINITE.exec(text);
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (!DECIMAL.test(text)) return text;
  // An integer that no double holds must be refused as it was written, not as it was rounded.
  const rounded = /^[+-]?\d{16}/.test(text) && !Number.isSafeInteger(Number(text));
  return rounded || /^[+-]?\d{15,}\.\d*[1-9]/.test(text) ? text : Number(text);
}

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
