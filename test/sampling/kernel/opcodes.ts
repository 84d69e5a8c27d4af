// Just enough of the WebAssembly binary format to list the instructions of a module. What is not
// listed here is refused, so nothing unknown can hide among immediates read wrongly.

const CODE_SECTION = 10;
const SIMD = 0xfd;
/** How many LEB128 numbers follow an instruction; all of them fit into ten bytes. */
const NUMBERS = new Map<number, number>([
  // Control without immediates: unreachable, nop, else, end, return.
  ...[0x00, 0x01, 0x05, 0x0b, 0x0f].map((opcode) => [opcode, 0] as const),
  // A block's type, a label, a function.
  ...[0x02, 0x03, 0x04, 0x0c, 0x0d, 0x10].map((opcode) => [opcode, 1] as const),
  // drop and select.
  [0x1a, 0],
  [0x1b, 0],
  // Locals and globals.
  ...[0x20, 0x21, 0x22, 0x23, 0x24].map((opcode) => [opcode, 1] as const),
  // Loads and stores: alignment and offset.
  ...range(0x28, 0x3e).map((opcode) => [opcode, 2] as const),
  // memory.size and memory.grow.
  [0x3f, 1],
  [0x40, 1],
  [0x41, 1],
  [0x42, 1],
  ...range(0x45, 0xc4).map((opcode) => [opcode, 0] as const),
]);
/** Constants of a fixed size: f32 and f64. */
const BYTES = new Map([
  [0x43, 4],
  [0x44, 8],
]);

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

/** Reads a module from the front. */
class Reader {
  readonly #bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.at = at;
  }

  byte(): number {
    if (this.at >= this.#bytes.length) throw new Error('the module ends too early');
    return this.#bytes[this.at++];
  }

  /** LEB128; of a signed one only the length is right. */
  number(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  skipImmediates(opcode: number): void {
    const bytes = BYTES.get(opcode);
    if (bytes !== undefined) this.at += bytes;
    else {
      const numbers = NUMBERS.get(opcode);
      if (numbers === undefined) throw new Error(`unknown opcode 0x${opcode.toString(16)}`);
      for (let i = 0; i < numbers; i++) this.number();
    }
  }

  skipSimdImmediates(opcode: number): void {
    const isMemory = opcode <= 11 || (opcode >= 84 && opcode <= 93);
    if (isMemory) for (let i = 0; i < 2; i++) this.number();
    // Lanes: of an access, of an extraction or replacement; a constant, a shuffle.
    if ((opcode >= 84 && opcode <= 91) || (opcode >= 21 && opcode <= 34)) this.at += 1;
    if (opcode === 12 || opcode === 13) this.at += 16;
  }
}

/**
 * The instructions in a module's functions, in order; those behind the SIMD prefix as 0xfd00 + n.
 *
 * @throws Error for an instruction it does not know
 */
export function opcodesOf(module: Uint8Array): number[] {
  const found: number[] = [];
  const reader = new Reader(module, 8);
  while (reader.at < module.length) {
    const section = reader.byte();
    const size = reader.number();
    const end = reader.at + size;
    if (section === CODE_SECTION)
      for (let functions = reader.number(); functions > 0; functions--) {
        const length = reader.number();
        const stop = reader.at + length;
        for (let groups = reader.number(); groups > 0; groups--) {
          reader.number();
          reader.byte();
        }
        while (reader.at < stop) {
          const opcode = reader.byte();
          if (opcode === SIMD) {
            const number = reader.number();
            reader.skipSimdImmediates(number);
            found.push(0xfd00 + number);
          } else {
            reader.skipImmediates(opcode);
            found.push(opcode);
          }
        }
        if (reader.at !== stop) throw new Error('a function ends within an instruction');
      }
    reader.at = end;
  }
  return found;
}
