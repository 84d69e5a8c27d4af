import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';

/** The built command line. */
export const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

interface Run {
  /** What is piped in; nothing if absent. `null` leaves stdin open. */
  readonly input?: string | Uint8Array | null;
  /** A file descriptor to read from in place of a pipe. */
  readonly stdin?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A file descriptor to write to in place of a pipe. */
  readonly stdout?: number;
  /** Arguments for node itself. */
  readonly node?: readonly string[];
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly bytes: Buffer;
  readonly stdout: string;
  readonly stderr: string;
}

/** A kelvin that is running. */
export interface Running {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly ended: Promise<Ended>;
}

/** Starts `kelvin` with arguments, in an environment without the test runner's own settings. */
export function start(args: readonly string[], run: Run = {}): Running {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [...(run.node ?? []), main, ...args], {
    cwd: run.cwd,
    env: { PATH, HOME, ...run.env },
    stdio: [
      (run.stdin as unknown as 'pipe') ?? 'pipe',
      (run.stdout as unknown as 'pipe') ?? 'pipe',
      'pipe',
    ],
  });
  // A process that ends without reading its stdin is its good right.
  child.stdin?.on('error', () => {});
  if (run.input !== null) child.stdin?.end(run.input ?? '');
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
  const ended = once(child, 'close').then(([code, signal]): Ended => {
    child.stdin?.destroy();
    const bytes = Buffer.concat(out);
    return { code, signal, bytes, stdout: bytes.toString(), stderr: Buffer.concat(err).toString() };
  });
  return { child, ended };
}

// Each process loads a model; more of them at once than cores would only wait for each other.
const AT_ONCE = 2;
const waiting: (() => void)[] = [];
let running = 0;

/** Runs `kelvin` to its end. */
export async function kelvin(args: readonly string[], run?: Run): Promise<Ended> {
  while (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  try {
    return await start(args, run).ended;
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}
