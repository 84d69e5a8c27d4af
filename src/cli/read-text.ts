import { readFile } from 'node:fs/promises';
import type { Model } from '../generation/model.ts';
import { readPrompt } from './prompt.ts';
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
  const text = file === '-' ? await readPrompt('', stdin) : await readTextFile(file);
  if (text === '') throw new UsageError('text must not be empty');
  return text;
}

async function readTextFile(path: string): Promise<string> {
  const shown = JSON.stringify(path);
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw new UsageError(`text must be a file that can be read, got ${shown}: ${cause.code}`);
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r?\n$/, '');
  } catch {
    throw new UsageError(`text must be UTF-8, got other bytes in ${shown}`);
  }
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
