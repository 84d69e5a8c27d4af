import { jsonLine } from './json-line.ts';
import { softmaxFacts } from './softmax/facts.ts';
import { readNumbers } from './softmax/numbers.ts';
import { softmaxReport } from './softmax/report.ts';
import { lineRoom, write } from './streams.ts';
import { UsageError } from './usage-error.ts';

export interface SoftmaxFlags {
  readonly temperature?: number;
  readonly target?: number;
  readonly jacobian?: boolean;
  readonly json?: boolean;
}

/** The Jacobian of so many numbers is a million entries. */
const MOST = 1000;

/** Tells what softmax makes of the numbers. */
export async function runSoftmax(args: readonly string[], flags: SoftmaxFlags): Promise<void> {
  const numbers = await readNumbers(args);
  const { length } = numbers;
  const { temperature = 1, target, jacobian } = flags;
  if (target !== undefined && target >= length)
    throw new UsageError(`--target must be an integer in [0, ${length - 1}], got ${target}`);
  if (jacobian && length > MOST)
    throw new UsageError(`--jacobian must be of at most ${MOST} numbers, got ${length}`);
  const facts = softmaxFacts(numbers, temperature, { target, jacobian });
  await write(flags.json ? jsonLine(facts) : softmaxReport(facts, lineRoom()));
}
