// The library's classes take any bytes of UTF-8's shape; not all of that shape are characters. What
// may follow these first bytes is less than a continuation byte's 0x80 to 0xBF.
const NARROW: Readonly<Record<number, readonly [number, number]>> = {
  224: [0xa0, 0xbf],
  237: [0x80, 0x9f],
  240: [0x90, 0xbf],
  244: [0x80, 0x8f],
};

const neverIs = (byte: number) => byte === 0xc0 || byte === 0xc1 || byte > 0xf4;

function mayFollow(first: number | undefined, byte: number | undefined): boolean {
  const [low, high] = NARROW[first ?? 0] ?? [0, 255];
  return byte === undefined || (byte >= low && byte <= high);
}

/** Whether bytes may be somewhere in a text. */
export const areWellFormed = (bytes: Uint8Array): boolean =>
  bytes.every((byte, i) => !neverIs(byte) && mayFollow(bytes[i - 1], byte));

/** Takes the tokens out of a mask that would make no character of what a token began. */
export class WellFormed {
  readonly #tokens: readonly Uint8Array[];
  readonly #barred: ReadonlyMap<number, readonly number[]>;

  /** @param tokens the bytes of each */
  constructor(tokens: readonly Uint8Array[]) {
    this.#tokens = tokens;
    const barred = (first: number) =>
      tokens.flatMap(([byte], token) => (mayFollow(first, byte) ? [] : [token]));
    this.#barred = new Map(
      Object.keys(NARROW)
        .map(Number)
        .map((first) => [first, barred(first)]),
    );
  }

  /** @param mask a bit for each token, in 32-bit words */
  apply(mask: Int32Array, last: number | undefined): void {
    const first = this.#tokens[last ?? -1]?.at(-1);
    for (const token of this.#barred.get(first ?? 0) ?? [])
      mask[token >> 5]! &= ~(1 << (token & 31));
  }
}
