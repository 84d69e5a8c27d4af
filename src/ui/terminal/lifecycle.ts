import { harmless } from './harmless.ts';
import { holdBack } from './hold-back.ts';

/** Who paints on the terminal while it is taken. */
export interface Painter {
  /** The terminal is there, and may show anything. */
  start(): void;
  /** The terminal is someone else's from now on. */
  stop(): void;
}

/** The two ends of a terminal. */
export interface Ends {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
}

/** Control sequences that change a terminal's modes, and those that change them back. */
export interface Modes {
  readonly enter: string;
  readonly leave: string;
}

/** What is pasted comes between marks, so that it is not taken for keys. */
export const PASTES: Modes = { enter: '\u001B[?2004h', leave: '\u001B[?2004l' };

/** Alternate screen, no cursor, no wrapping at the last column (DECAWM); and {@link PASTES}. */
export const WHOLE_SCREEN: Modes = {
  enter: `\u001B[?1049h\u001B[?25l\u001B[?7l${PASTES.enter}`,
  leave: `${PASTES.leave}\u001B[m\u001B[?7h\u001B[?25h\u001B[?1049l`,
};

/**
 * Takes the terminal in these modes, and gives it back as it was however this ends: by the returned function,
 * by a signal, an error nobody caught, `process.exit()` or the end of the process. While the process
 * is stopped (Ctrl-Z, SIGTSTP) the terminal is the shell's. What is written to stderr meanwhile is
 * shown once the terminal is given back.
 *
 * A signal exits with its code (SIGHUP 129, SIGINT 130, SIGQUIT 131, SIGTERM 143); an error that
 * nobody caught is told in one line on stderr, with exit code 1. A terminal that is closed is left in
 * silence, as after SIGHUP.
 */
export function takeTerminal({ stdin, stdout }: Ends, painter: Painter, modes: Modes): () => void {
  let inside = false;
  let raw = false;
  let letGo = () => {};

  const enter = () => {
    inside = true;
    if (raw) stdin.setRawMode(true);
    stdout.write(modes.enter);
    if (process.stderr.isTTY) letGo = holdBack(process.stderr);
    painter.start();
  };
  const leave = () => {
    if (!inside) return;
    inside = false;
    painter.stop();
    raw = stdin.isRaw;
    try {
      if (raw) stdin.setRawMode(false);
    } catch {
      // A terminal that is gone has no modes.
    }
    stdout.write(modes.leave);
    letGo();
  };
  const release = () => {
    leave();
    for (const [signal, handle] of handlers) process.off(signal, handle);
    process.off('exit', release).off('uncaughtException', crash);
    stdin.off('end', hangUp).off('error', hangUp);
  };
  const exit = (signal: NodeJS.Signals) => {
    release();
    // Node aborts as it exits where the terminal is gone (ResetStdio, Node 20). Unhandled, the signal
    // ends the process on the spot, with the same code for a shell.
    if (signal === 'SIGHUP') process.removeAllListeners(signal).kill(process.pid, signal);
    else process.exit(EXIT_CODES[signal]);
  };
  const hangUp = () => {
    if (inside) exit('SIGHUP');
  };
  const crash = (error: unknown) => {
    release();
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`kelvin: ${harmless(message).replaceAll(/\s*\n\s*/g, ' ')}\n`);
    process.exit(1);
  };
  const resume = () => {
    leave();
    enter();
  };
  const stop = () => {
    leave();
    process.off('SIGTSTP', stop).off('SIGCONT', resume);
    // Unhandled, the signal stops the process: it stands still here until it is continued, or goes
    // on at once where there is no shell to continue it.
    process.kill(process.pid, 'SIGTSTP');
    process.on('SIGTSTP', stop).on('SIGCONT', resume);
    setImmediate(() => inside || enter());
  };
  const handlers: [NodeJS.Signals, (signal: NodeJS.Signals) => void][] = [
    ...Object.keys(EXIT_CODES).map((name) => [name, exit] as [NodeJS.Signals, typeof exit]),
    ['SIGTSTP', stop],
    // After SIGSTOP, which nobody can foresee: the shell has had the terminal.
    ['SIGCONT', resume],
  ];

  for (const [signal, handle] of handlers) process.on(signal, handle);
  process.prependListener('exit', release).on('uncaughtException', crash);
  stdin.on('end', hangUp).on('error', hangUp);
  // For good: what was written last may fail after the terminal was given back.
  stdout.on('error', hangUp);
  enter();
  return release;
}

/** Does what Ctrl-Z does in a terminal that is not read key by key: stops all of the job. */
export function suspend(): void {
  if (process.platform !== 'win32') process.kill(0, 'SIGTSTP');
}

const EXIT_CODES: Partial<Record<NodeJS.Signals, number>> = {
  SIGHUP: 129,
  SIGINT: 130,
  SIGQUIT: 131,
  SIGTERM: 143,
};
