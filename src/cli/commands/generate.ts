import { Command, Option } from 'commander';
import { dtypeOption, modelOption, threadsOption } from '../model-flags.ts';
import { integer } from '../numbers.ts';
import { type GenerateFlags, runGenerate } from '../run-generate.ts';
import { addSamplingFlags } from '../sampling-flags.ts';
import { readStdin } from '../stdin.ts';

/** `kelvin generate [prompt]` */
export function generateCommand(): Command {
  const command = new Command('generate')
    .description('write text after a prompt')
    .argument('[prompt]', 'the text to go on from; what is piped in is appended to it')
    .addOption(modelOption())
    .addOption(dtypeOption())
    .addOption(threadsOption());
  return addSamplingFlags(command)
    .addOption(new Option('-n, --max-tokens <n>', 'most tokens to write').argParser(integer(0)))
    .option(
      '--stop <text>',
      'end before this text, repeatable',
      (text: string, previous: string[] = []) => [...previous, text],
    )
    .option('--json', 'one JSON object per token, then a summary')
    .addOption(
      new Option(
        '--logprobs <n>',
        'tell the n likeliest tokens of each step, with --json',
      ).argParser(integer(0)),
    )
    .option('--verbose', 'tell every effective setting and where it comes from, on stderr')
    .action(async (prompt: string | undefined, flags: GenerateFlags) => {
      await runGenerate((prompt ?? '') + (await readStdin()), flags);
    });
}
