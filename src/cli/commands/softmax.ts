import { Command, Option } from 'commander';
import { samplingOptions } from '../../sampling/options.ts';
import { type FlagRow, flagOf } from '../flag.ts';
import { numeral } from '../numeral.ts';
import type { SoftmaxFlags } from '../run-softmax.ts';
import { flagsOf } from '../sampling-flags.ts';
import { UsageError } from '../usage-error.ts';

const FOOTNOTE = `
Where there are no arguments, numbers are read from stdin: a JSON array, or one
per line. Loss, gradient and Jacobian are those of the temperature, in nats;
derivatives are in the numbers as they were given. -inf is what cannot be.

Examples:
  kelvin softmax 1 4 -2
  kelvin softmax 1 4 -2 --temperature 0.5 --target 1 --jacobian
  echo "[2, 1, 0.1]" | kelvin softmax --json
`;

/** `kelvin softmax <numbers...>` */
export function softmaxCommand(): Command {
  return new NumbersCommand('softmax')
    .description('the mathematics on your numbers')
    .argument('[numbers...]', 'finite or -inf; negative ones as they are')
    .addOption(flagOf(flagsOf('temperature'), samplingOptions.temperature as FlagRow))
    .addOption(
      new Option(
        '--target <index>',
        'loss and gradient where this one is the truth\nan index, 0 the first',
      ).argParser(index),
    )
    .option('--jacobian', 'how every probability moves with every number')
    .option('--json', 'one JSON object')
    .addHelpText('after', FOOTNOTE)
    .action(async (numbers: string[], flags: SoftmaxFlags) => {
      const { runSoftmax } = await import('../run-softmax.ts');
      await runSoftmax(numbers, flags);
    });
}

/** A command whose arguments may be negative numbers, however they are written. */
class NumbersCommand extends Command {
  // The parser takes `-2` for a number, but `-2.` and `-inf` for flags.
  override parseOptions(args: string[]) {
    return super.parseOptions(args.map(spelled));
  }
}

function spelled(arg: string): string {
  const value = arg.startsWith('-') ? numeral(arg) : arg;
  if (typeof value === 'string') return arg;
  return value === -Infinity ? '-1e999' : String(value);
}

function index(text: string): number {
  const value = numeral(text);
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw new UsageError(`--target must be an integer ≥ 0, got ${JSON.stringify(text)}`);
}
