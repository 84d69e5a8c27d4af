import { nearest } from '../../sampling/nearest.ts';
import { table } from '../table.ts';
import { UsageError } from '../usage-error.ts';

const ROWS = {
  set: ['[NAME VALUE]', 'set an option, as in /set top-p 0.9; alone: what is set'],
  regenerate: ['[SEED]', 'the last answer again, with this seed or the next one'],
  undo: ['', 'take the last message and its answer back'],
  probs: ['[N]', 'the last answer by surprisal, its N least expected tokens'],
  system: ['[TEXT]', 'set the system prompt; alone: what it is'],
  save: ['FILE', 'write the conversation to a new file, as NDJSON'],
  clear: ['', 'forget every message; settings and system prompt stay'],
  help: ['', 'this list'],
  quit: ['', 'leave'],
} as const;

export type CommandName = keyof typeof ROWS;

/** What may be typed after a slash. */
export const commandNames = Object.keys(ROWS) as CommandName[];

/** A line that was typed: a command, or what is for the model. */
export type Typed =
  | { readonly message: string }
  | { readonly command: CommandName; readonly argument: string };

/**
 * Tells commands from messages. A message that begins with a slash is written with two.
 *
 * @throws UsageError for a command that there is not, or one that takes no argument and has one
 */
export function parseTyped(text: string): Typed {
  if (!text.startsWith('/')) return { message: text };
  if (text.startsWith('//')) return { message: text.slice(1) };
  const [, name = '', argument = ''] = /^\/(\S*)\s*([\s\S]*?)\s*$/.exec(text) ?? [];
  if (!isCommand(name))
    throw new UsageError(
      `unknown command ${JSON.stringify(`/${name}`)}${nearest(name, commandNames)}; /help lists them, and // begins a message with a slash`,
    );
  const [takes] = ROWS[name];
  if (takes === '' && argument !== '')
    throw new UsageError(`/${name} takes nothing after it, got ${JSON.stringify(argument)}`);
  return { command: name, argument };
}

const isCommand = (name: string): name is CommandName => Object.hasOwn(ROWS, name);

/** What `/help` shows. */
export function helpText(): string {
  const rows = Object.entries(ROWS).map(([name, [takes, summary]]) => [
    `/${name} ${takes}`.trimEnd(),
    summary,
  ]);
  return `${table(rows)}
A backslash at the end of a line goes on with the next; // begins a message with
a slash. Ctrl-C stops an answer, and at the prompt leaves when pressed twice.
`;
}
