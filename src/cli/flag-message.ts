import { samplingOptions } from '../sampling/options.ts';
import { kebab } from './kebab.ts';

const NAMES = [
  ...Object.keys(samplingOptions),
  ...['approximate', 'candidates', 'dtype', 'host', 'responseFormat', 'sampledBy', 'threads'],
];

/** A library's message about an option, with the option called as it is on the command line. */
export function flagMessage(message: string): string {
  const name = /^\w+/.exec(message)?.[0] ?? '';
  return NAMES.includes(name) ? `--${kebab(name)}${message.slice(name.length)}` : message;
}
