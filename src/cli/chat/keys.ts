import { Transform, type TransformCallback } from 'node:stream';

/**
 * What is typed at a terminal in raw mode, on its way to a line editor. While the editor is paused
 * it waits here, but for Ctrl-C. What is pasted (bracketed paste, mode 2004) never ends a message:
 * each line break in it has a backslash put in front.
 */
export class Keys extends Transform {
  readonly isTTY = true;
  /** Called for Ctrl-C, which goes no further; where there is none it is a key as any other. */
  interrupt: (() => void) | undefined;
  readonly #terminal: NodeJS.ReadStream;
  #paste: string | undefined;
  #rest = '';

  constructor(terminal: NodeJS.ReadStream) {
    super({ decodeStrings: false, encoding: 'utf8', highWaterMark: HELD });
    this.#terminal = terminal;
    terminal.setEncoding('utf8').pipe(this);
  }

  setRawMode(isRaw: boolean): this {
    this.#terminal.setRawMode(isRaw);
    return this;
  }

  override _transform(chunk: string, _: BufferEncoding, done: TransformCallback): void {
    const isInterrupt = this.interrupt && chunk.includes(CTRL_C);
    if (isInterrupt) this.interrupt?.();
    const text = this.#rest + (isInterrupt ? chunk.replaceAll(CTRL_C, '') : chunk);
    this.#rest = CUT_MARK.exec(text)?.[0] ?? '';
    done(null, this.#typed(text.slice(0, text.length - this.#rest.length)));
  }

  #typed(text: string): string {
    let typed = '';
    for (const part of text.split(MARKS)) {
      if (part === BEGIN) this.#paste = '';
      else if (part === END) {
        typed += pasted(this.#paste ?? '');
        this.#paste = undefined;
      } else if (this.#paste === undefined) typed += part;
      else this.#paste += part;
    }
    return typed;
  }
}

/** As many characters as may be typed ahead. */
const HELD = 1 << 20;
const CTRL_C = '\u0003';
const BEGIN = '\u001B[200~';
const END = '\u001B[201~';
// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal's marks begin with one.
const MARKS = /(\u001B\[20[01]~)/;
// The beginning of a mark whose end has not come. Escape alone does nothing, so it can wait.
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const CUT_MARK = /\u001B(\[(20?[01]?)?)?$/;
// What would be taken for keys.
const CONTROLS = /[^\P{Cc}\n\t]/gu;

function pasted(text: string): string {
  const lines = text.replace(/\r\n?/g, '\n').replace(/\n$/, '').replace(CONTROLS, '');
  return lines.replaceAll('\n', '\\\r');
}
