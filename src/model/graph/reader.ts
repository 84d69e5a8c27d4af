import { readSync } from 'node:fs';
import { KelvinError } from '../../sampling/error.ts';

/** One field of a protobuf message, by its place in the file. */
export interface Field {
  readonly number: number;
  /** How it is written: 0 as a varint, 1 in 8 bytes, 2 as a length and that many bytes, 5 in 4. */
  readonly wire: number;
  /** First byte of its tag. */
  readonly start: number;
  /** First byte of its content. */
  readonly from: number;
  /** First byte after it. */
  readonly to: number;
  /** What a varint holds, as a signed 64-bit integer; exact where it is a safe one. */
  readonly value: number;
}

/** Thrown where a graph without its weights is larger than any that is worth an edit. */
export class TooLarge extends Error {}

const WINDOW = 1 << 14;
// A large decoder's graph has 10^4 nodes, 10^5 fields and a few MB, once its weights are left out.
const MOST_FIELDS = 1e6;
const MOST_BYTES = 128e6;

/**
 * Reads protobuf from an open file at wire level: fields and where they lie. Contents are read
 * only when asked for, so a file may be larger than memory.
 *
 * Everything throws KelvinError `MODEL_FILE` for bytes that are no protobuf, and `TooLarge` before
 * a hostile file can take much time or memory.
 */
export class Reader {
  readonly path: string;
  readonly size: number;
  readonly #file: number;
  readonly #window = new Uint8Array(WINDOW);
  /** The window holds the file from `#from` to `#to`. */
  #from = 0;
  #to = 0;
  /** Where the varint read last ends. */
  #end = 0;
  #fields = 0;
  #bytes = 0;

  /** @param file an open file descriptor, which stays the caller's to close */
  constructor(path: string, file: number, size: number) {
    this.path = path;
    this.#file = file;
    this.size = size;
  }

  /** The fields of the message in bytes [from, to), in order. */
  *fields(from: number, to: number): Generator<Field> {
    for (let start = from; start < to; ) {
      if (++this.#fields > MOST_FIELDS) throw new TooLarge();
      const tag = this.#varint(start, to);
      const number = Math.floor(tag / 8);
      const wire = tag % 8;
      if (number < 1 || tag >= 2 ** 32) throw this.malformed(start);
      let at = this.#end;
      let end = at;
      let value = 0;
      if (wire === 0) {
        value = this.#varint(at, to);
        end = this.#end;
      } else if (wire === 2) {
        const length = this.#varint(at, to);
        at = this.#end;
        // Written so that a negative length fails too.
        if (!(length >= 0 && length <= to - at)) throw this.malformed(start);
        end = at + length;
      } else if (wire === 1 || wire === 5) end = at + (wire === 1 ? 8 : 4);
      else throw this.malformed(start);
      if (end > to) throw this.malformed(start);
      yield { number, wire, start, from: at, to: end, value };
      start = end;
    }
  }

  /**
   * A field's bytes as a string, one character each: unlike UTF-8, that gives any name back
   * exactly as it was.
   */
  text({ from, to }: Field): string {
    return Buffer.from(this.bytes(from, to)).toString('latin1');
  }

  /** A copy of bytes [from, to). */
  bytes(from: number, to: number): Uint8Array {
    this.#bytes += to - from;
    if (this.#bytes > MOST_BYTES) throw new TooLarge();
    if (from >= this.#from && to <= this.#to)
      return this.#window.slice(from - this.#from, to - this.#from);
    const bytes = new Uint8Array(to - from);
    for (let done = 0; done < bytes.length; ) {
      const count = readSync(this.#file, bytes, done, bytes.length - done, from + done);
      if (count === 0) throw this.malformed(from + done);
      done += count;
    }
    return bytes;
  }

  malformed(at: number): KelvinError {
    return new KelvinError('MODEL_FILE', `${this.path}: not an ONNX model: broken at byte ${at}`);
  }

  #varint(start: number, to: number): number {
    let low = 0;
    let high = 0n;
    for (let i = 0; i < 10; i++) {
      if (start + i >= to) break;
      const byte = this.#byte(start + i);
      // Seven groups of seven bits are exact in a double; what lies above is seldom there.
      if (i < 7) low += (byte & 0x7f) * 2 ** (7 * i);
      else high |= BigInt(byte & 0x7f) << BigInt(7 * i);
      if (byte < 0x80) {
        this.#end = start + i + 1;
        return high === 0n ? low : Number(BigInt.asIntN(64, high + BigInt(low)));
      }
    }
    throw this.malformed(start);
  }

  #byte(at: number): number {
    if (at < this.#from || at >= this.#to) {
      this.#from = at;
      this.#to = at + readSync(this.#file, this.#window, 0, WINDOW, at);
      if (this.#to === at) throw this.malformed(at);
    }
    return this.#window[at - this.#from]!;
  }
}
