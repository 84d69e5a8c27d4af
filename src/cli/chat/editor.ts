import { createInterface, type Interface } from 'node:readline';
import { Inbox } from '../../generation/inbox.ts';
import { complete } from './complete.ts';
import { Keys } from './keys.ts';

/** What came from the prompt: a message, Ctrl-C, or the end (Ctrl-D, SIGTERM). */
export type Entry = { readonly text: string } | 'interrupt' | 'end';

const PROMPT = '> ';
const CONTINUED = '| ';
const PASTE_ON = '\u001B[?2004h';
const PASTE_OFF = '\u001B[?2004l';

/** Lines typed at a terminal, with history; a backslash at the end of one goes on with the next. */
export class Editor {
  readonly #inbox = new Inbox<Entry>();
  readonly #keys: Keys;
  readonly #lines: Interface;
  /** What was typed of a message before the present line. */
  #begun: string[] = [];
  #isDropping = false;
  #answering: AbortController | undefined;

  constructor({ stdin, stdout } = process) {
    this.#keys = new Keys(stdin);
    this.#lines = createInterface({
      input: this.#keys as unknown as NodeJS.ReadableStream,
      output: stdout,
      terminal: true,
      historySize: 1000,
      removeHistoryDuplicates: true,
      completer: complete,
    });
    this.#lines.on('line', (line) => this.#take(line));
    this.#lines.on('SIGINT', () => this.#interrupt());
    this.#lines.on('close', () => this.#inbox.put('end'));
    process.on('SIGINT', this.#interrupt).on('SIGTERM', this.#terminate).on('exit', leavePaste);
    stdout.write(PASTE_ON);
  }

  /** Waits for what is typed next. */
  async read(prompt = PROMPT): Promise<Entry> {
    this.#lines.setPrompt(prompt);
    this.#lines.prompt();
    const entry = await this.#inbox.take();
    if (entry === 'end') process.stdout.write('\n');
    else this.#lines.pause();
    return entry;
  }

  /**
   * Does work that Ctrl-C stops; what is typed meanwhile waits for the next prompt.
   *
   * @returns whether it was stopped
   */
  async during(work: (signal: AbortSignal) => Promise<void>): Promise<boolean> {
    const answering = new AbortController();
    this.#answering = answering;
    this.#keys.interrupt = this.#interrupt;
    try {
      await work(answering.signal);
      return answering.signal.aborted;
    } finally {
      this.#answering = undefined;
      this.#keys.interrupt = undefined;
    }
  }

  /** Gives the terminal back. */
  close(): void {
    this.#lines.close();
    process.stdin.unpipe(this.#keys).pause();
    process.off('SIGINT', this.#interrupt).off('SIGTERM', this.#terminate).off('exit', leavePaste);
    leavePaste();
  }

  #take(line: string): void {
    if (this.#isDropping) return;
    if (line.endsWith('\\')) {
      this.#begun.push(line.slice(0, -1));
      this.#lines.setPrompt(CONTINUED);
      this.#lines.prompt();
      return;
    }
    this.#inbox.put({ text: [...this.#begun, line].join('\n') });
    this.#begun = [];
  }

  readonly #interrupt = (): void => {
    if (this.#answering) {
      this.#answering.abort();
      return;
    }
    // The line that was begun is dropped, as in a shell; the editor ends it as it ends any.
    this.#begun = [];
    this.#isDropping = true;
    this.#lines.write(null, { ctrl: true, name: 'e' });
    process.stdout.write('^C');
    this.#lines.write(null, { name: 'return' });
    this.#isDropping = false;
    this.#inbox.put('interrupt');
  };

  readonly #terminate = (): void => {
    process.exitCode = 143;
    this.#answering?.abort();
    this.#inbox.put('end');
  };
}

const leavePaste = () => {
  process.stdout.write(PASTE_OFF);
};
