import { readFile } from 'node:fs/promises';
import { UsageError } from '../usage-error.ts';

/**
 * The text of a file that a flag names, less the one line break that editors put at its end.
 *
 * @throws UsageError where it cannot be read, is not UTF-8 or has no text
 */
export async function readTextFile(flag: string, path: string): Promise<string> {
  const refusal = (what: string, got: string) =>
    new UsageError(`${flag} must be ${what}, got ${JSON.stringify(path)}${got}`);
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    throw refusal('a file that can be read', `: ${cause.code}`);
  });
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refusal('a file of UTF-8 text', ', which holds other bytes');
  }
  if (text.trim() === '') throw refusal('a file with a text', ', which is empty');
  return text.replace(/\r?\n$/, '');
}
