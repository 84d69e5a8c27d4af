import type { Command } from 'commander';
import { type SamplingOptions, samplingOptions } from '../sampling/options.ts';
import { stages } from '../sampling/stages.ts';
import { flagOf } from './flag.ts';

/**
 * Adds `--temperature`, `--top-k` and the rest to a command. Every sampling option is a flag, made
 * from the table that checks it, so none can be forgotten.
 */
export function addSamplingFlags(command: Command): Command {
  const edits = Object.assign({}, ...stages.map(({ kind, options }) => kind === 'edit' && options));
  const rows = Object.entries(samplingOptions);
  const add = ([name, row]: (typeof rows)[number]) =>
    command.addOption(
      flagOf(name === 'temperature' ? '--temp, --temperature' : `--${kebab(name)}`, row),
    );
  command.optionsGroup('Sampling:');
  rows.filter(([name]) => !(name in edits)).forEach(add);
  command.optionsGroup('Penalties and biases:');
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

/** `topP` -> `top-p` */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
