import { Command, Option } from 'commander';
import { integerOption } from '../../sampling/option.ts';
import { serverOptions } from '../../server/server-options.ts';
import { flagOf } from '../flag.ts';
import { kebab } from '../kebab.ts';
import { addModelFlags } from '../model-flags.ts';
import type { ServeFlags } from '../run-serve.ts';
import { UsageError } from '../usage-error.ts';

const portOption = integerOption({
  min: 0,
  max: 65535,
  default: 8080,
  summary: 'the port to listen on; 0 is any that is free',
});

const FOOTNOTE = `
The log goes to stderr, one JSON object per line, never with a prompt or a
text. On SIGTERM or Ctrl-C what was begun is finished; a second one ends it.

Examples:
  kelvin serve --port 8080
  KELVIN_API_KEY=secret kelvin serve --host 0.0.0.0
  curl http://127.0.0.1:8080/v1/models
`;

/** `kelvin serve` */
export function serveCommand(): Command {
  const command = new Command('serve')
    .description("answer requests in OpenAI's HTTP interface")
    .optionsGroup('Address:')
    .addOption(flagOf('--port', portOption))
    .addOption(
      new Option(
        '--host <address>',
        'the address to listen on\nothers than this machine need a key; default 127.0.0.1',
      ),
    )
    .addOption(
      new Option(
        '--api-key <key>',
        'a key that requests must bear; repeatable\nKELVIN_API_KEY keeps it out of the list of processes',
      ).argParser(texts('--api-key')),
    )
    .addOption(
      new Option(
        '--allow-host <name>',
        'a name the Host header may hold; repeatable\nwithout a key: those of this machine',
      ).argParser(texts('--allow-host')),
    )
    .addOption(
      new Option(
        '--allow-origin <url>',
        'an origin whose pages may use the server; repeatable',
      ).argParser(texts('--allow-origin')),
    )
    .optionsGroup('Limits:');
  for (const [name, row] of Object.entries(serverOptions))
    command.addOption(flagOf(`--${kebab(name)}`, row));
  return addModelFlags(command)
    .addHelpText('after', FOOTNOTE)
    .action(async (flags: ServeFlags) => {
      const { runServe } = await import('../run-serve.ts');
      await runServe(flags);
    });
}

const texts =
  (flag: string) =>
  (text: string, previous: readonly string[] = []): string[] => {
    // A key that is empty because a variable was, would be none.
    if (text === '') throw new UsageError(`${flag} must be a non-empty text, got ""`);
    return [...previous, text];
  };
