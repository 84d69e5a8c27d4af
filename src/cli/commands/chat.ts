import { Command, Option } from 'commander';
import { maxTokensOption } from '../../generation/generate-options.ts';
import { flagOf } from '../flag.ts';
import { addModelFlags } from '../model-flags.ts';
import type { ChatFlags } from '../run-chat.ts';
import { addSamplingFlags } from '../sampling-flags.ts';
import { stops } from '../stops.ts';
import { UsageError } from '../usage-error.ts';

const FOOTNOTE = `
At a terminal, /help lists the commands: /set temperature 0.7, /regenerate,
/undo, /probs and more. Ctrl-C stops an answer, Ctrl-D ends. In a pipe, each
line is a message or a command, and only answers go to stdout. A line that ends
in a backslash goes on with the next.

Examples:
  kelvin chat --model ./my-chat-model --system "Be brief." --temperature 0.7
  kelvin chat --completion
  printf 'Hello\\nAnd then?\\n' | kelvin chat --model ./my-chat-model --json
`;

/** `kelvin chat` */
export function chatCommand(): Command {
  const command = new Command('chat')
    .description("talk with a model, by the model's own chat template")
    .optionsGroup('Conversation:')
    .option('--system <text>', 'what the model is told before the first message')
    .addOption(
      new Option('--completion', 'go on from what is typed; no chat template is used').conflicts(
        'system',
      ),
    )
    .addOption(flagOf('-n, --max-tokens', maxTokensOption))
    .addOption(new Option('--stop <text>', 'end before this text\nrepeatable').argParser(stops));
  return addModelFlags(addSamplingFlags(command))
    .optionsGroup('Output:')
    .option('--json', 'one JSON object per answer; stdin is read as a pipe is')
    .option('--verbose', 'tell the settings, and how each answer went, on stderr')
    .addHelpText('after', FOOTNOTE)
    .action(async (flags: ChatFlags) => {
      if (flags.system === '') throw new UsageError('--system must be a non-empty text, got ""');
      const { runChat } = await import('../run-chat.ts');
      await runChat(flags);
    });
}
