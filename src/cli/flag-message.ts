import { samplingOptions } from '../sampling/index.ts';
import { kebab } from './sampling-flags.ts';

const NAMES = [...Object.keys(samplingOptions), 'maxTokens', 'stop', 'top', 'threads', 'dtype'];

/** A library's message about an option, with the option called as it is on the command line. */
export function flagMessage(message: string): string {
  const name = NAMES.find((option) => message.startsWith(`${option} `));
  return name === undefined ? message : `--${kebab(name)}${message.slice(name.length)}`;
}
