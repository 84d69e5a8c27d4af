import { readFile } from 'node:fs/promises';
import { UsageError } from './usage-error.ts';

const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'a folder',
  EACCES: 'no permission',
};

/**
 * The text of a file.
 *
 * @param name what the file is to the command: `text`, or the flag that names it
 * @throws UsageError where it cannot be read or is not UTF-8
 */
export async function readTextFile(name: string, path: string): Promise<string> {
  const refusal = (why: string) =>
    new UsageError(`${name} must be a file of UTF-8 text, got ${JSON.stringify(path)}: ${why}`);
  const bytes = await readFile(path).catch(({ code }: NodeJS.ErrnoException) => {
    throw refusal(CAUSES[code!] ?? String(code));
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw refusal('other bytes');
  }
}
