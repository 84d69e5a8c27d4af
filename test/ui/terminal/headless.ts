import { EventEmitter, once } from 'node:events';
import xterm from '@xterm/headless';

/** A terminal in memory that stands in for stdout. */
export class Headless extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  writableNeedDrain = false;
  /** All that was written. */
  readonly writes: string[] = [];
  readonly #terminal: xterm.Terminal;

  constructor(columns = 80, rows = 24) {
    super();
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    this.#terminal.write('\u001B[?1049h\u001B[?7l');
  }

  get columns(): number {
    return this.#terminal.cols;
  }

  get rows(): number {
    return this.#terminal.rows;
  }

  write(text: string): boolean {
    this.writes.push(text);
    this.#terminal.write(text, () => this.emit('written'));
    return true;
  }

  /** Waits until all that was written is on the screen. */
  settled(): Promise<void> {
    return new Promise((resolve) => this.#terminal.write('', resolve));
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.settled();
    this.#terminal.resize(columns, rows);
    this.emit('resize');
  }

  asStdout(): NodeJS.WriteStream {
    return this as unknown as NodeJS.WriteStream;
  }

  /** The rows on the screen. */
  async screen(): Promise<string[]> {
    await this.settled();
    const buffer = this.#terminal.buffer.active;
    return Array.from({ length: this.rows }, (_, y) =>
      // Cells beyond the width stay in memory where a screen has shrunk.
      buffer.getLine(y)!.translateToString(false, 0, this.columns).trimEnd(),
    );
  }

  /** The rows on the screen, once they hold a text. */
  async displays(text: string): Promise<string[]> {
    for (;;) {
      const rows = await this.screen();
      if (rows.some((row) => row.includes(text))) return rows;
      await once(this, 'written');
    }
  }

  /** Every cell with its look, row by row. */
  async cells(): Promise<string[]> {
    await this.settled();
    const buffer = this.#terminal.buffer.active;
    return Array.from({ length: this.rows }, (_, y) => {
      const line = buffer.getLine(y)!;
      return Array.from({ length: this.columns }, (_, x) => {
        const cell = line.getCell(x)!;
        const look = [cell.getFgColor(), cell.isBold(), cell.isDim(), cell.isUnderline()];
        return `${cell.getChars() || ' '}${[...look, cell.isInverse()].join()}`;
      }).join('|');
    });
  }
}
