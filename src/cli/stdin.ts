import { fstatSync } from 'node:fs';
import { Failure } from './failure.ts';
import { UsageError } from './usage-error.ts';

const WRONG: Readonly<Record<string, string>> = {
  EISDIR: 'a folder',
  EBADF: 'one that is open for writing alone',
};

/**
 * The bytes of stdin, as they come.
 *
 * @throws UsageError where it is nothing to read from, Failure where reading fails
 */
export async function* bytesOf(stdin: NodeJS.ReadStream): AsyncGenerator<Buffer, void> {
  try {
    // A folder would look like an empty file.
    if (fstatSync(0).isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    for await (const chunk of stdin) yield chunk as Buffer;
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const wrong = WRONG[code!];
    if (wrong) throw new UsageError(`stdin must be readable, got ${wrong}`);
    throw new Failure(`cannot read stdin: ${code ?? cause}`, { cause });
  }
}
