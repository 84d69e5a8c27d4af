import type { Model } from '../generation/model.ts';
import { withoutLineEnd } from './line-end.ts';
import { readPrompt } from './prompt.ts';
import { readTextFile } from './text-file.ts';
import { UsageError } from './usage-error.ts';

/**
 * A text to measure, from a file or, for `-` and where there is none, from stdin; less the one line
 * break at its end that shells and editors put there.
 *
 * @throws UsageError where it cannot be read, is not UTF-8 or empty
 */
export async function readText(file = '-', stdin = process.stdin): Promise<string> {
  if (file === '-' && stdin.isTTY)
    throw new UsageError('a text is needed: name a file, or pipe one in');
  const text =
    file === '-' ? await readPrompt('', stdin) : withoutLineEnd(await readTextFile('text', file));
  if (text === '') throw new UsageError('text must not be empty');
  return text;
}

/**
 * The tokens of a text to measure.
 *
 * @throws UsageError for fewer than two beside a begin token: a mean of one says nothing
 */
export async function tokensOf(model: Model, text: string): Promise<number[]> {
  const tokens = await model.encode(text);
  const own = tokens.length - (tokens[0] === model.info.beginToken ? 1 : 0);
  if (own < 2) throw new UsageError(`text must have at least 2 tokens, got ${own}`);
  return tokens;
}
