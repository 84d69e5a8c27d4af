import { Command, Option } from 'commander';
import { maxTokensOption } from '../../generation/generate-options.ts';
import { paceOption } from '../../ui/pace-option.ts';
import { flagOf } from '../flag.ts';
import { addModelFlags } from '../model-flags.ts';
import type { TuneFlags } from '../run-tune.ts';
import { addSamplingFlags } from '../sampling-flags.ts';

const FOOTNOTE = `
Needs a terminal. ? on the screen shows every key.

Examples:
  kelvin tune
  kelvin tune "The little robot" --temperature 1.2 --min-p 0.05 --seed 7
`;

/** `kelvin tune [prompt]` */
export function tuneCommand(): Command {
  const command = new Command('tune')
    .description('see the distribution and turn the knobs while text is written')
    .argument('[prompt]', 'the text to go on from')
    .optionsGroup('Text:')
    .addOption(flagOf('-n, --max-tokens', maxTokensOption));
  return addModelFlags(addSamplingFlags(command))
    .optionsGroup('Screen:')
    .addOption(flagOf('--pace', paceOption))
    .option('--ascii', 'draw with ASCII characters alone')
    .option('--screen-reader', 'tell it in sentences, on no screen of its own')
    .addOption(
      new Option('--background <colour>', "the terminal's background").choices(['dark', 'light']),
    )
    .addHelpText('after', FOOTNOTE)
    .action(async (prompt: string | undefined, flags: TuneFlags) => {
      const { runTune } = await import('../run-tune.ts');
      await runTune(prompt ?? '', flags);
    });
}
