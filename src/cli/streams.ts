import { once } from 'node:events';
import type { Writable } from 'node:stream';

/**
 * Writes and waits where the reader is slower than the writer, so that nothing piles up.
 *
 * @returns false once the reader has gone: a closed pipe is the reader's good right, not an error
 */
export async function write(stream: Writable, text: string): Promise<boolean> {
  if (text === '') return stream.writable;
  if (!stream.writable) return false;
  if (!stream.write(text)) {
    await Promise.race([once(stream, 'drain'), once(stream, 'close')]).catch(() => {});
  }
  return stream.writable;
}

/** Keeps a closed pipe from being a crash; any other failure of the stream stays one. */
export function toleratePipeEnd(stream: Writable, onEnd: () => void): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    stream.destroy();
    onEnd();
  });
}

/** Whether to colour a stream: NO_COLOR and FORCE_COLOR first, then what the terminal can. */
function colourful(stream: NodeJS.WriteStream, env = process.env): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return Boolean(stream.isTTY) && env.TERM !== 'dumb';
}

/** Dim, where the stream takes colour. */
export function dim(text: string, stream: NodeJS.WriteStream): string {
  return colourful(stream) ? `\u001B[2m${text}\u001B[22m` : text;
}

/**
 * Text that cannot drive a terminal: control and direction characters, which a model may well
 * write, become visible. Line breaks and tabs stay.
 */
export function harmless(text: string): string {
  return text.replace(CONTROLS, (character) => {
    const code = character.codePointAt(0)!;
    return code < 0x20
      ? String.fromCodePoint(0x2400 + code)
      : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}

const CONTROLS = /[^\P{Cc}\n\t]|[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;
