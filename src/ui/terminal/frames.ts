import { Writable } from 'node:stream';

/**
 * What Ink takes for its terminal: as wide as the real one, and each frame goes to a function as
 * plain rows. It says that it is none, so that Ink leaves the cursor alone.
 */
export class Frames extends Writable {
  readonly isTTY = false;
  readonly #columns: () => number;
  readonly #take: (rows: string[]) => void;

  constructor(columns: () => number, take: (rows: string[]) => void) {
    super({ decodeStrings: false });
    this.#columns = columns;
    this.#take = take;
  }

  get columns(): number {
    return this.#columns();
  }

  override _write(frame: string, _encoding: BufferEncoding, done: () => void): void {
    this.#take(frame.split('\n'));
    done();
  }
}
