import { commandNames } from './commands.ts';
import { settable } from './settings.ts';

/**
 * What the Tab key may make of a line: commands, and the names that can be set.
 *
 * @returns the possible endings and the part of the line they stand for, as node:readline wants it
 */
export function complete(line: string): [string[], string] {
  const setting = /^\/set\s+(\S*)$/.exec(line)?.[1];
  if (setting !== undefined) return [from(settable, setting), setting];
  if (!line.startsWith('/')) return [[], line];
  const commands = commandNames.map((name) => `/${name}`);
  return [from(commands, line), line];
}

const from = (names: readonly string[], begun: string): string[] =>
  names.filter((name) => name.startsWith(begun)).map((name) => `${name} `);
