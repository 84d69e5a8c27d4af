import type { Command } from 'commander';
import { type SamplingOptions, samplingOptions } from '../sampling/options.ts';
import { stages } from '../sampling/stages.ts';
import { type FlagRow, flagOf, isFlag } from './flag.ts';
import { kebab } from './kebab.ts';

/** An option's flags, its own name last: `--temp, --temperature`. */
export const flagsOf = (name: string) =>
  name === 'temperature' ? '--temp, --temperature' : `--${kebab(name)}`;

/**
 * Adds `--temperature`, `--top-k` and the rest to a command. Every sampling option that can be
 * written down is a flag, made from the table that checks it, so none can be forgotten.
 */
export function addSamplingFlags(command: Command): Command {
  const edits = Object.assign({}, ...stages.map(({ kind, options }) => kind === 'edit' && options));
  const rows = Object.entries(samplingOptions).filter((entry): entry is [string, FlagRow] =>
    isFlag(entry[1]),
  );
  const add = ([name, row]: [string, FlagRow]) => command.addOption(flagOf(flagsOf(name), row));
  command.optionsGroup('Sampling:');
  rows.filter(([name]) => !(name in edits)).forEach(add);
  command.optionsGroup('Penalties, biases and bans:');
  rows.filter(([name]) => name in edits).forEach(add);
  return command;
}

/** The sampling options among a command's parsed flags. */
export function givenSampling(flags: Readonly<Record<string, unknown>>): SamplingOptions {
  return Object.fromEntries(
    Object.keys(samplingOptions)
      .filter((name) => flags[name] !== undefined)
      .map((name) => [name, flags[name]]),
  );
}
