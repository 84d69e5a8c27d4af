import { UsageError } from './usage-error.ts';

/**
 * Everything on stdin as text, less the one line break that shells put at its end; '' where stdin
 * is a terminal.
 *
 * @throws UsageError where it is not UTF-8: a prompt with replaced characters is not what was asked
 */
export async function readStdin(stdin: NodeJS.ReadStream = process.stdin): Promise<string> {
  if (stdin.isTTY) return '';
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(chunk as Buffer);
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
    return text.replace(/\r?\n$/, '');
  } catch {
    throw new UsageError('stdin: must be UTF-8 text, received other bytes');
  }
}
