import { Command, Option } from 'commander';
import { maxTokensOption, topOption } from '../../generation/generate-options.ts';
import { flagOf } from '../flag.ts';
import { addModelFlags } from '../model-flags.ts';
import { readPrompt } from '../prompt.ts';
import { responseFormatFlag } from '../response-format-flag.ts';
import type { GenerateFlags } from '../run-generate.ts';
import { addSamplingFlags } from '../sampling-flags.ts';
import { stops } from '../stops.ts';
import { UsageError } from '../usage-error.ts';

const FOOTNOTE = `
A default that the model's generation_config.json sets is the model's; --verbose
tells where each came from. Infinity may be written inf.

Examples:
  kelvin generate "Once upon a time" --temperature 0.8 --seed 7
  echo "The little robot" | kelvin generate --top-p 0.9 --json --logprobs 5
  kelvin generate "Tom had a dog" --stop . --logit-bias 42=-inf
`;

/** `kelvin generate [prompt]` */
export function generateCommand(): Command {
  const command = new Command('generate')
    .description('write text after a prompt')
    .argument('[prompt]', 'the text to go on from; what is piped in is appended to it')
    .optionsGroup('Text:')
    .addOption(flagOf('-n, --max-tokens', maxTokensOption))
    .addOption(new Option('--stop <text>', 'end before this text\nrepeatable').argParser(stops))
    .addOption(responseFormatFlag());
  return addModelFlags(addSamplingFlags(command))
    .optionsGroup('Output:')
    .option('--json', 'one JSON object per token, then a summary')
    .addOption(flagOf('--logprobs', { ...topOption, summary: `with --json: ${topOption.summary}` }))
    .option('--verbose', 'tell every effective setting and its origin, on stderr')
    .addHelpText('after', FOOTNOTE)
    .action(async (argument: string | undefined, flags: GenerateFlags) => {
      // Nobody should wait, for stdin or a model, to hear of a typing error.
      if (flags.logprobs !== undefined && !flags.json) {
        throw new UsageError('--logprobs must come with --json, which is where they are told');
      }
      const { runGenerate } = await import('../run-generate.ts');
      await runGenerate(() => readPrompt(argument), flags);
    });
}
