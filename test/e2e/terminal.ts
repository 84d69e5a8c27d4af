import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { emptyFolder } from './folders.ts';
import { main } from './kelvin.ts';

const PATIENCE_MS = 30_000;

/** A real terminal with a shell in it. */
export class Terminal {
  readonly #tmux: readonly string[];
  readonly #output: ReturnType<typeof spawn>;
  #bytes = '';

  private constructor(folder: string, columns: number, rows: number) {
    this.#tmux = ['-f', '/dev/null', '-S', join(folder, 'tmux')];
    const pipe = join(folder, 'output');
    execFileSync('mkfifo', [pipe]);
    this.#output = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#output.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.#bytes += text;
    });
    const { PATH = '', HOME = '' } = process.env;
    this.run(
      ...['new-session', '-d', '-x', `${columns}`, '-y', `${rows}`],
      ...['env', '-i', `PATH=${PATH}`, `HOME=${HOME}`, 'TERM=tmux-256color', 'LC_ALL=C.UTF-8'],
      ...['PS1=> ', 'sh'],
    );
    this.run('pipe-pane', `cat > ${pipe}`);
  }

  static async open(columns = 80, rows = 24): Promise<Terminal> {
    const terminal = new Terminal(emptyFolder(), columns, rows);
    terminal.run('send-keys', 'echo re""ady', 'Enter');
    await terminal.shows('ready');
    return terminal;
  }

  run(...args: string[]): string {
    return execFileSync('tmux', ['-u', ...this.#tmux, ...args], { encoding: 'utf8' });
  }

  /** Types a kelvin command; its exit code is shown as `code=0`. */
  type(command: string, before = ''): void {
    this.enter(`${before} ${process.execPath} ${main} ${command}; echo "co""de=$?"`);
  }

  /** Types a line for the shell. */
  enter(line: string): void {
    this.#bytes = '';
    this.run('send-keys', '-l', line);
    this.run('send-keys', 'Enter');
  }

  /** Presses keys, as tmux names them. */
  press(...keys: string[]): void {
    this.run('send-keys', ...keys);
  }

  resize(columns: number, rows: number): void {
    this.run('resize-window', '-x', `${columns}`, '-y', `${rows}`);
  }

  /** Every byte the terminal was sent since the command was typed, once they hold a text. */
  async shows(text: string | RegExp): Promise<string> {
    while (!(typeof text === 'string' ? this.#bytes.includes(text) : text.test(this.#bytes)))
      await once(this.#output.stdout!, 'data');
    return this.#bytes;
  }

  /** The lines on the screen, once they hold a text. */
  displays(text: string | RegExp): Promise<string> {
    return this.passes((screen) => {
      if (typeof text === 'string' ? screen.includes(text) : text.test(screen)) return;
      throw new Error(`the screen does not hold ${text}:\n${screen}`);
    });
  }

  /** The lines on the screen, once they pass a check. @throws its last complaint, after a while */
  async passes(check: (screen: string) => void): Promise<string> {
    const late = AbortSignal.timeout(PATIENCE_MS);
    for (;;) {
      const changed = once(this.#output.stdout!, 'data', { signal: late });
      const screen = this.screen();
      try {
        check(screen);
        changed.catch(() => {});
        return screen;
      } catch (complaint) {
        await changed.catch(() => {
          throw complaint;
        });
      }
    }
  }

  /** The lines on the screen. */
  screen(): string {
    return this.run('capture-pane', '-p', '-J').trimEnd().replace(/ +$/gm, '');
  }

  async close(): Promise<void> {
    const ended = once(this.#output, 'close');
    this.run('kill-server');
    await ended;
  }
}
