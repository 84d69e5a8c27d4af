import { Command, Option } from 'commander';
import { maxTokensOption } from '../../generation/generate-options.ts';
import type { Axes } from '../../generation/sweep/grid.ts';
import { samplesOption } from '../../generation/sweep/sweep-options.ts';
import { integerOption } from '../../sampling/option.ts';
import { flagOf } from '../flag.ts';
import { addModelFlags } from '../model-flags.ts';
import { readPrompt } from '../prompt.ts';
import { addSamplingFlags } from '../sampling-flags.ts';
import { stops } from '../stops.ts';
import { readSweep, readTemperatures } from '../sweep/axes.ts';
import { UsageError } from '../usage-error.ts';

/** Enough to tell settings apart; there are many texts, and none without a token tells any. */
const sweptTokens = integerOption({ min: 1, default: 128, summary: maxTokensOption.summary });

const FOOTNOTE = `
Every setting writes with the same seeds, so that they are compared on the same
luck. Behind ± is half of a 95 % bootstrap interval. Ctrl-C ends the sweep; what
is finished is told.

Examples:
  kelvin sweep "Once upon a time" --reference story.txt --svg sweep.svg
  kelvin sweep "Once upon a time" --temperatures 0.5:1.5:0.25 --csv
  kelvin sweep "Tom had" --sweep top-p=0.5:1:0.1 --temperatures 0.7,1
`;

/** `kelvin sweep [prompt]` */
export function sweepCommand(): Command {
  const command = new Command('sweep')
    .description('measure the diversity and the coherence that settings give')
    .argument('[prompt]', 'the text to go on from; what is piped in is appended to it')
    .optionsGroup('Settings:')
    .addOption(
      new Option(
        '--temperatures <range>',
        'temperatures to compare\nfrom:to:step, or values as in 0.5,1,inf; default 0:2:0.1 without --sweep',
      ).argParser(readTemperatures),
    )
    .addOption(
      new Option(
        '--sweep <option=range>',
        'values of any numeric option to compare, as in top-p=0.5:1:0.05\nrepeatable: all combinations',
      ).argParser((text, before?: Axes) => readSweep(text, before)),
    )
    .addOption(flagOf('--samples', samplesOption))
    .addOption(
      new Option('--reference <file>', 'a text to come near to: the recommendation goes by it'),
    )
    .optionsGroup('Text:')
    .addOption(flagOf('-n, --max-tokens', sweptTokens))
    .addOption(new Option('--stop <text>', 'end before this text\nrepeatable').argParser(stops));
  return addModelFlags(addSamplingFlags(command))
    .optionsGroup('Output:')
    .option('--json', 'one JSON object per setting, then a summary')
    .option('--csv', 'one row per setting')
    .option('--svg <file>', 'a plot for a report')
    .option('--resume <file>', 'keep finished texts in a file, and go on from those in it')
    .addHelpText('after', FOOTNOTE)
    .action(async (argument: string | undefined, flags) => {
      if (flags.json && flags.csv) throw new UsageError('--json must be absent where --csv is set');
      const { runSweep } = await import('../run-sweep.ts');
      await runSweep(() => readPrompt(argument), { maxTokens: sweptTokens.default, ...flags });
    });
}
