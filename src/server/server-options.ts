import { KelvinError } from '../sampling/error.ts';
import { integerOption, invalidOption, numberOption } from '../sampling/option.ts';
import { checkOptionNames } from '../sampling/option-names.ts';

/** Where a server says what it does; a pino logger is one. */
export interface Log {
  info(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** Options of `createServer`. */
export interface ServerOptions {
  /** One or more keys, one of which every request must bear but those to `/health`. */
  apiKey?: string | readonly string[];
  /**
   * Names that the Host header may hold. Absent, with a key: any; without one: those of this
   * machine alone, as a page from elsewhere could have its own name point here.
   */
  hosts?: readonly string[];
  /** Origins of pages that browsers let use the server; none if absent. */
  origins?: readonly string[];
  /** Texts written at once; integer ≥ 1, 16 if absent. */
  parallel?: number;
  /** Texts that may wait for their turn; integer ≥ 0, 64 if absent. Then 429 is answered. */
  queue?: number;
  /** Most texts one request may ask for; integer ≥ 1, 16 if absent. */
  choices?: number;
  /** Most bytes of a request; integer ≥ 1, 1 MiB if absent. */
  bodyBytes?: number;
  /** Most seconds for a request; > 0, 600 if absent. */
  deadline?: number;
  /** Most seconds to wait for its turn; > 0, 60 if absent. */
  patience?: number;
  /**
   * Seconds of silence after which a stream says `: ping`, so that no proxy takes it for dead; ≥ 0,
   * 15 if absent, 0 for never. A stream that has not begun by then begins with it, and what goes
   * wrong later is an event of the stream and no status.
   */
  ping?: number;
  /** Is told of each request, never of its text; nobody if absent. */
  log?: Log;
}

// As much as a timer can hold.
const timer = { min: 0, max: 2_000_000 } as const;
const seconds = { ...timer, openMin: true } as const;

/** The options that are numbers, as data; a command line makes its flags of them. */
export const serverOptions = {
  parallel: integerOption({ min: 1, default: 16, summary: 'texts written at once' }),
  queue: integerOption({
    min: 0,
    default: 64,
    summary: 'texts that may wait for their turn before others are sent away',
  }),
  choices: integerOption({ min: 1, default: 16, summary: 'most texts of one request' }),
  bodyBytes: integerOption({ min: 1, default: 2 ** 20, summary: 'most bytes of a request' }),
  deadline: numberOption({ ...seconds, default: 600, summary: 'most seconds for a request' }),
  patience: numberOption({
    ...seconds,
    default: 60,
    summary: 'most seconds that a request waits for its turn',
  }),
  ping: numberOption({
    ...timer,
    default: 15,
    summary: 'seconds of silence after which a stream says that it is still there; 0 for never',
  }),
};

/** All of them, checked, with defaults filled in. */
export interface EffectiveServerOptions
  extends Readonly<Record<keyof typeof serverOptions, number>> {
  readonly keys: readonly string[];
  readonly hosts: readonly string[] | undefined;
  readonly origins: readonly string[];
  readonly log: Log | undefined;
}

/** @throws KelvinError `UNKNOWN_OPTION`, `INVALID_OPTION` */
export function parseServerOptions(options: ServerOptions): EffectiveServerOptions {
  const names = [...Object.keys(serverOptions), 'apiKey', 'hosts', 'origins', 'log'];
  checkOptionNames(options, names, 'server option');
  const { apiKey = [], hosts, origins = [], log } = options;
  const entries = Object.entries(serverOptions).map(([name, row]) => {
    const value = options[name as keyof typeof serverOptions];
    return [name, value === undefined ? row.default : row.parse(value, name)];
  });
  if (log !== undefined && !(typeof log?.info === 'function' && typeof log.error === 'function'))
    throw invalidOption('log', 'an object with the methods info and error', log);
  return {
    ...(Object.fromEntries(entries) as Record<keyof typeof serverOptions, number>),
    keys: keysOf(apiKey),
    hosts: hosts && strings('hosts', hosts).map((host) => host.toLowerCase()),
    origins: strings('origins', origins),
    log,
  };
}

const areStrings = (list: unknown): list is readonly string[] =>
  Array.isArray(list) && list.every((entry) => typeof entry === 'string' && entry !== '');

function strings(name: string, list: unknown): readonly string[] {
  if (areStrings(list)) return [...list];
  throw invalidOption(name, 'a list of non-empty strings', list);
}

function keysOf(given: unknown): readonly string[] {
  const list = typeof given === 'string' ? [given] : given;
  if (areStrings(list)) return [...list];
  // What was received may be nearly a key, and stays out of the message.
  throw new KelvinError('INVALID_OPTION', 'apiKey must be one or more non-empty strings');
}
