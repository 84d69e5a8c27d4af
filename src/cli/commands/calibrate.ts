import { Command } from 'commander';
import { addLocalModelFlags } from '../model-flags.ts';
import type { CalibrateFlags } from '../run-calibrate.ts';

const FOOTNOTE = `
The temperature that minimises the mean loss of the text's tokens, by Newton's
method. Before is temperature 1, the model's own distribution, whatever its
generation_config.json asks for. Calibration error: by how much the model is
surer or less sure of its first choice than it is right, in ten bins. The
95 % interval is a bootstrap of runs of the text: tokens depend on each other.

A long text is read in windows, as kelvin score does. Of one of more than 32,768
tokens every second, third, ... is measured: memory stays bounded.

Examples:
  kelvin calibrate story.txt
  kelvin calibrate story.txt --json -m ./my-model
`;

/** `kelvin calibrate [file]` */
export function calibrateCommand(): Command {
  return addLocalModelFlags(
    new Command('calibrate')
      .description('the temperature at which a model explains a text best')
      .argument('[file]', 'a text in UTF-8; - or nothing is stdin'),
  )
    .optionsGroup('Output:')
    .option('--json', 'one JSON object')
    .addHelpText('after', FOOTNOTE)
    .action(async (file: string | undefined, flags: CalibrateFlags) => {
      const { runCalibrate } = await import('../run-calibrate.ts');
      await runCalibrate(file, flags);
    });
}
