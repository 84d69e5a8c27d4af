import { once } from 'node:events';
import { harmless } from './harmless.ts';

/**
 * Writes to stdout and waits where the reader is slower than the writer, so that nothing piles up.
 * A terminal must not be driven by what is written; a pipe gets every byte.
 */
export async function write(text: string, stdout = process.stdout): Promise<void> {
  if (text === '' || stdout.write(stdout.isTTY ? harmless(text) : text)) return;
  await once(stdout, 'drain');
}

/** Says something about the work to whoever watches: on stderr, dim where it takes colour. */
export function say(text: string, stderr = process.stderr): void {
  const shown = harmless(text);
  stderr.write(colourful(stderr) ? `\u001B[2m${shown}\u001B[22m` : shown);
}

/** Tells what went wrong. */
export function complain(message: string): void {
  process.stderr.write(`kelvin: ${harmless(message.trimEnd())}\n`);
}

/**
 * Ends the process where nobody takes its result: quietly where the reader has closed the pipe,
 * which is the reader's good right, and with a message where writing failed. What cannot be said
 * on stderr is left unsaid.
 */
export function watchStreams({ stdout, stderr } = process): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') {
      complain(`cannot write to stdout: ${error.message}`);
      process.exitCode = 1;
    }
    process.exit();
  });
  stderr.on('error', () => {});
}

/** Whether to colour a stream: NO_COLOR and FORCE_COLOR first, then what the terminal can. */
function colourful(stream: NodeJS.WriteStream, env = process.env): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return Boolean(stream.isTTY) && env.TERM !== 'dumb';
}
