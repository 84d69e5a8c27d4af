import { withoutLineEnd } from './line-end.ts';
import { bytesOf } from './stdin.ts';
import { UsageError } from './usage-error.ts';

/**
 * The prompt: the argument, then everything on stdin, less the one line break that shells put at
 * its end. A terminal is not read: what is typed there are commands.
 *
 * @throws UsageError where stdin cannot be read or is not UTF-8: a prompt with replaced characters is
 *   not what was asked for
 */
export async function readPrompt(
  argument = '',
  stdin: NodeJS.ReadStream = process.stdin,
): Promise<string> {
  if (stdin.isTTY) return argument;
  // A pipe that somebody forgot to close looks like a hang; say what is being waited for.
  const notice = setTimeout(() => process.stderr.write('kelvin: waiting for stdin to end\n'), 3000);
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of bytesOf(stdin)) chunks.push(chunk);
    return argument + withoutLineEnd(decoded(Buffer.concat(chunks)));
  } finally {
    clearTimeout(notice);
  }
}

function decoded(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError('stdin must be UTF-8 text, got other bytes');
  }
}
