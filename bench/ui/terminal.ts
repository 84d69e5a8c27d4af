import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Asked } from './asked.ts';
import type { ScreenTasks } from './serve-screen.ts';
import type { Cells } from './setting.ts';

const QUIET_MS = 150;
const PATIENCE_MS = 20_000;
const CLEAR = '\u001B[2J';

/**
 * A screen in a pseudo terminal of util-linux's `script`, which does no more than to copy bytes.
 * What the child is asked, and what it answers, goes past the terminal.
 */
export class Terminal extends Asked<ScreenTasks> {
  readonly #script: ChildProcess;
  #listen: (bytes: string) => void = () => {};
  #tail = '';
  #last = 0;
  /** Bytes the screen wrote, and how often it cleared the whole terminal. */
  bytes = 0;
  clears = 0;

  private constructor(script: ChildProcess) {
    super(script);
    this.#script = script;
    script.stdout!.setEncoding('utf8').on('data', (bytes: string) => {
      this.#last = performance.now();
      this.bytes += bytes.length;
      this.clears += (this.#tail + bytes).split(CLEAR).length - 1;
      this.#tail = bytes.slice(1 - CLEAR.length);
      this.#listen(bytes);
    });
  }

  static async open(folder: string, threads: number, { columns, rows }: Cells): Promise<Terminal> {
    const serve = fileURLToPath(new URL('./serve-screen.ts', import.meta.url));
    const node = [process.execPath, ...process.execArgv, serve, folder, String(threads)];
    const command = `stty cols ${columns} rows ${rows}; exec ${node.map(quoted).join(' ')}`;
    const script = spawn('script', ['-qfec', command, '/dev/null'], {
      stdio: ['pipe', 'pipe', 'inherit', 'ipc'],
      // As `kelvin tune` has it, on a terminal with all colours.
      env: {
        ...process.env,
        ...{ NODE_ENV: 'production', TERM: 'xterm-256color', COLORTERM: 'truecolor' },
      },
    });
    const terminal = new Terminal(script);
    await terminal.reply();
    return terminal;
  }

  press(key: string): void {
    this.#script.stdin!.write(key);
  }

  /** Presses a key: milliseconds until the screen has written something that matches. */
  async time(key: string, shown: RegExp): Promise<number> {
    let seen = '';
    const done = new Promise<number>((resolve) => {
      this.#listen = (bytes) => {
        seen += bytes;
        if (shown.test(seen)) resolve(performance.now());
      };
    });
    const start = performance.now();
    this.press(key);
    const giveUp = new AbortController();
    const late = pause(PATIENCE_MS, undefined, giveUp).then(() => {
      throw new Error(`${key} did not show ${shown}`);
    });
    const end = await Promise.race([done, late]);
    giveUp.abort();
    late.catch(() => {});
    this.#listen = () => {};
    return end - start;
  }

  /** When nothing has been written for a moment. @returns when the last of it was */
  async quiet(): Promise<number> {
    this.#last = Math.max(this.#last, performance.now() - QUIET_MS / 2);
    for (;;) {
      const left = this.#last + QUIET_MS - performance.now();
      if (left <= 0) return this.#last;
      await pause(left);
    }
  }

  async close(): Promise<void> {
    const ended = once(this.#script, 'exit');
    // Closes whatever is over the text, and leaves.
    this.press('\u0003');
    await ended;
  }
}

const quoted = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;
