import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { calibrateCommand } from './commands/calibrate.ts';
import { chatCommand } from './commands/chat.ts';
import { generateCommand } from './commands/generate.ts';
import { infoCommand, listCommand, pullCommand } from './commands/models.ts';
import { replayCommand } from './commands/replay.ts';
import { scoreCommand } from './commands/score.ts';
import { serveCommand } from './commands/serve.ts';
import { softmaxCommand } from './commands/softmax.ts';
import { sweepCommand } from './commands/sweep.ts';
import { tuneCommand } from './commands/tune.ts';
import { complain } from './streams.ts';

const EXAMPLES = `
Without a command, kelvin shows a story being told by the model that came with
it, and how; into a pipe it just tells one.

Examples:
  kelvin generate "Once upon a time" --temperature 0.8 --seed 7
  echo "The little robot" | kelvin generate --top-p 0.9 --json --logprobs 5
  kelvin sweep "Once upon a time" --temperatures 0.4:1.2:0.2
  kelvin models info

Every command has its own help: kelvin generate --help
`;

/** The whole command line. */
export function createProgram(): Command {
  const { version, description } = packageFile();
  const program = configured(new Command('kelvin'))
    .description(description)
    .version(version, '-V, --version', 'print the version')
    .addHelpText('after', EXAMPLES);
  const models = configured(new Command('models'))
    .description('what is here, what a model needs, and others from a hub')
    .addCommand(configured(listCommand()))
    .addCommand(configured(infoCommand()))
    .addCommand(configured(pullCommand()));
  return program
    .addCommand(configured(generateCommand()))
    .addCommand(configured(tuneCommand()))
    .addCommand(configured(chatCommand()))
    .addCommand(configured(sweepCommand()))
    .addCommand(configured(replayCommand()))
    .addCommand(configured(scoreCommand()))
    .addCommand(configured(calibrateCommand()))
    .addCommand(configured(softmaxCommand()))
    .addCommand(configured(serveCommand()))
    .addCommand(models);
}

// Errors come back as exceptions, so that there is one place that turns them into exit codes.
function configured(command: Command): Command {
  return command
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .configureOutput({ outputError: (message) => complain(oneLine(message)) })
    .exitOverride();
}

// "error: unknown option '--temprature'\n(Did you mean --temperature?)\n", as the parser says it.
function oneLine(message: string): string {
  return message
    .replace(/^error: /, '')
    .replace('\n(Did', ' (did')
    .trimEnd();
}

function packageFile(): { version: string; description: string } {
  return JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
}
