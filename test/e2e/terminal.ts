import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { emptyFolder } from './folders.ts';
import { main } from './kelvin.ts';

/** A real terminal of 80 x 24 with a shell in it. */
export class Terminal {
  readonly #tmux: readonly string[];
  readonly #output: ReturnType<typeof spawn>;
  #bytes = '';

  private constructor(folder: string) {
    this.#tmux = ['-f', '/dev/null', '-S', join(folder, 'tmux')];
    const pipe = join(folder, 'output');
    execFileSync('mkfifo', [pipe]);
    this.#output = spawn('cat', [pipe], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#output.stdout!.setEncoding('utf8').on('data', (text: string) => {
      this.#bytes += text;
    });
    const { PATH = '', HOME = '' } = process.env;
    this.run(
      ...['new-session', '-d', '-x', '80', '-y', '24'],
      ...['env', '-i', `PATH=${PATH}`, `HOME=${HOME}`, 'TERM=tmux-256color', 'LC_ALL=C.UTF-8'],
      ...['PS1=> ', 'sh'],
    );
    this.run('pipe-pane', `cat > ${pipe}`);
  }

  static async open(): Promise<Terminal> {
    const terminal = new Terminal(emptyFolder());
    terminal.run('send-keys', 'echo re""ady', 'Enter');
    await terminal.shows('ready');
    return terminal;
  }

  run(...args: string[]): string {
    return execFileSync('tmux', ['-u', ...this.#tmux, ...args], { encoding: 'utf8' });
  }

  /** Types a kelvin command; its exit code is shown as `code=0`. */
  type(command: string, before = ''): void {
    this.#bytes = '';
    const line = `${before} ${process.execPath} ${main} ${command}; echo "co""de=$?"`;
    this.run('send-keys', '-l', line);
    this.run('send-keys', 'Enter');
  }

  /** Every byte the terminal was sent since the command was typed, once they hold a text. */
  async shows(text: string | RegExp): Promise<string> {
    while (!(typeof text === 'string' ? this.#bytes.includes(text) : text.test(this.#bytes)))
      await once(this.#output.stdout!, 'data');
    return this.#bytes;
  }

  /** The lines on the screen. */
  screen(): string {
    return this.run('capture-pane', '-p', '-J').trimEnd();
  }

  async close(): Promise<void> {
    const ended = once(this.#output, 'close');
    this.run('kill-server');
    await ended;
  }
}
