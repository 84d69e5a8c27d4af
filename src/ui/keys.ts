import { COMMANDS, type Command, type CommandRow, type Mode } from './commands.ts';

/** What a key does in a mode; undefined if nothing. */
export function commandOf(key: string, mode: Mode): Command | undefined {
  return ROWS.find(({ keys, modes }) => keys.includes(key) && modes.includes(mode))?.name;
}

/** A row of the help: keys, and what they do. */
export interface HelpRow {
  readonly keys: readonly string[];
  readonly brief?: string | undefined;
  readonly help: string;
}

/** The keys of a mode, or of all of them, in the order of the table; each key is there once. */
export function helpRows(mode?: Mode): HelpRow[] {
  const rows = new Map<string, HelpRow>();
  for (const { keys, brief, help, modes } of ROWS) {
    if (mode && !modes.includes(mode)) continue;
    const before = rows.get(help);
    const all = new Set([...(before?.keys ?? []), ...keys]);
    rows.set(help, { keys: [...all], brief: before?.brief ?? brief, help });
  }
  // What the same keys do elsewhere is told behind it.
  const byKeys = new Map<string, HelpRow>();
  for (const row of rows.values()) {
    const before = byKeys.get(row.keys.join());
    byKeys.set(row.keys.join(), before ? { ...before, help: `${before.help}; ${row.help}` } : row);
  }
  return [...byKeys.values()];
}

const ROWS: readonly (CommandRow & { readonly name: Command })[] = COMMANDS;
