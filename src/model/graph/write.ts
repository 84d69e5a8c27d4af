/** Protobuf fields as bytes, for the few messages that an edit adds. */

export type Bytes = Uint8Array;

const LENGTH_DELIMITED = 2;

/** An integer field; negative values are written as int64. */
export function integer(field: number, value: number): Bytes {
  return Uint8Array.from([...varint(field * 8), ...varint(value)]);
}

/** A field of bytes: a nested message from its parts, or a string. */
export function message(field: number, ...parts: readonly Bytes[]): Bytes {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const head = [...varint(field * 8 + LENGTH_DELIMITED), ...varint(length)];
  return concatenate([Uint8Array.from(head), ...parts]);
}

/** A string field, of a name as `Reader.text` gives it. */
export function text(field: number, value: string): Bytes {
  return message(field, Buffer.from(value, 'latin1'));
}

export function concatenate(parts: readonly Bytes[]): Bytes {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}
