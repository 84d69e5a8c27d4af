import { type Command, InvalidArgumentError, Option } from 'commander';
import { type SamplingOptions, samplingOptions } from '../sampling/index.ts';
import { number } from './numbers.ts';

type Name = keyof SamplingOptions;

// Every sampling option is a flag, made from the table that checks it, so none can be forgotten.
const PARSERS = {
  number: { value: '<x>', parse: number },
  integer: { value: '<n>', parse: number },
  biases: { value: '<id=bias>', parse: bias },
  order: { value: '<name|list>', parse: order },
} as const;

/** Adds `--temperature`, `--top-k` and the rest to a command. */
export function addSamplingFlags(command: Command): Command {
  for (const [name, row] of Object.entries(samplingOptions)) {
    const { value, parse } = PARSERS[row.kind];
    const alias = name === 'temperature' ? '--temp, ' : '';
    const range = row.kind === 'biases' ? ', repeatable' : '';
    command.addOption(
      new Option(
        `${alias}--${kebab(name)} ${value}`,
        `${row.summary}: ${row.interval}${range}`,
      ).argParser<unknown>(parse),
    );
  }
  return command;
}

/** The sampling options among a command's parsed flags. */
export function givenSampling(flags: Readonly<Record<string, unknown>>): SamplingOptions {
  const names = Object.keys(samplingOptions) as Name[];
  return Object.fromEntries(
    names.filter((name) => flags[name] !== undefined).map((name) => [name, flags[name]]),
  );
}

/** `topP` -> `top-p` */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function bias(text: string, previous: unknown): Record<string, number> {
  const [, id, value] = /^(\d+)=(.+)$/.exec(text) ?? [];
  if (id === undefined || value === undefined) {
    throw new InvalidArgumentError(`must be id=bias, as in 42=-inf, got "${text}"`);
  }
  return { ...(previous as Record<string, number> | undefined), [id]: number(value) };
}

function order(text: string): string | string[] {
  return text.includes(',') || !text.includes('-')
    ? text.split(',').map((name) => name.trim())
    : text;
}
