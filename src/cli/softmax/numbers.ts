import { show } from '../../sampling/check.ts';
import { numeral } from '../numeral.ts';
import { readPrompt } from '../prompt.ts';
import { UsageError } from '../usage-error.ts';

/** Of what is no number, as it is shown. */
const LONGEST = 40;

/**
 * Numbers from arguments or, where there are none, from stdin: a JSON array, or one per line.
 *
 * @returns at least one, each finite or −Infinity, at least one finite
 * @throws UsageError naming the first that is neither
 */
export async function readNumbers(args: readonly string[]): Promise<number[]> {
  const given = args.length > 0 ? args : listed(await readPrompt());
  if (given.length === 0)
    throw new UsageError('softmax needs numbers, as arguments or on stdin, got none');
  const numbers = given.map((entry, i) => {
    const value = typeof entry === 'string' ? numeral(entry.trim()) : entry;
    if (typeof value === 'number' && value < Infinity) return value;
    const shown = show(entry).slice(0, LONGEST);
    throw new UsageError(
      `numbers must be finite or -inf, got ${shown} as number ${i + 1} of ${given.length}`,
    );
  });
  if (numbers.every((value) => value === -Infinity))
    throw new UsageError('numbers must not all be -inf: there is nothing to choose from');
  return numbers;
}

function listed(text: string): readonly unknown[] {
  if (!text.trimStart().startsWith('[')) return text.split(/\s+/).filter((part) => part !== '');
  try {
    return JSON.parse(text);
  } catch {
    throw new UsageError('stdin must be a JSON array or one number per line, got neither');
  }
}
