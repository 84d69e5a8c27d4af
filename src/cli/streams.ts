import { fstatSync } from 'node:fs';
import { harmless } from '../ui/terminal/harmless.ts';

/**
 * Writes to stdout and waits until it is written, so that nothing piles up before a slow reader.
 * A terminal must not be driven by what is written; a pipe gets every byte.
 *
 * @returns false where it could not be written: nobody takes the result any more
 */
export function write(text: string, stdout = process.stdout): Promise<boolean> {
  return writePainted(stdout.isTTY ? harmless(text) : text, stdout);
}

/** As {@link write}, of what was made harmless before, and may have colours since. */
export function writePainted(
  text: string,
  stdout: NodeJS.WriteStream = process.stdout,
): Promise<boolean> {
  return new Promise((resolve) => {
    stdout.write(text, (error) => resolve(!error));
  });
}

/** How long a line on stdout may be so that no terminal breaks it; a pipe takes any. */
export const lineRoom = ({ columns } = process.stdout): number =>
  columns ? columns - 1 : Infinity;

/** Whether somebody sits at a terminal that a screen can be drawn on. */
export function isInteractive({ stdin, stdout, env } = process): boolean {
  return Boolean(stdin.isTTY && stdout.isTTY) && env.TERM !== 'dumb';
}

/** Whether stdout and stderr end in one and the same file or pipe, as after `2>&1`. */
export function areMerged(): boolean {
  try {
    const [out, err] = [fstatSync(1), fstatSync(2)];
    return out.dev === err.dev && out.ino === err.ino;
  } catch {
    return false;
  }
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
 * Keeps a stream that cannot be written to from being a crash. A closed pipe is the reader's good
 * right and needs no word; a failure is told, and is the exit code. What cannot be said on stderr
 * is left unsaid.
 */
export function watchStreams({ stdout, stderr } = process): void {
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return;
    complain(`cannot write to stdout: ${error.message}`);
    process.exitCode = 1;
  });
  stderr.on('error', () => {});
}

/** Whether to colour a stream: NO_COLOR and FORCE_COLOR first, then what the terminal can. */
function colourful(stream: NodeJS.WriteStream, env = process.env): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  return Boolean(stream.isTTY) && env.TERM !== 'dumb';
}
