import { closeSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { expect, it } from 'vitest';
import { Reader } from '../../../src/model/graph/reader.ts';
import { integer, message, text } from '../../../src/model/graph/write.ts';
import { temporary } from '../variant.ts';

const { root } = protobuf.parse(
  `syntax = "proto2";
message Outer { optional int64 a = 1; optional string b = 15; repeated Outer c = 16;
  optional double d = 300; optional fixed32 e = 536870911; }`,
  { keepCase: true },
);
const Outer = root.lookupType('Outer');

interface Content {
  readonly a?: number;
  readonly b?: string;
  readonly c: readonly Content[];
  readonly d?: number;
  readonly e?: number;
}

const nested = (depth: number): fc.Arbitrary<Content> =>
  fc.record(
    {
      a: fc.maxSafeInteger(),
      // One byte each, as names are read.
      b: fc.string({ unit: fc.integer({ min: 0, max: 127 }).map((n) => String.fromCharCode(n)) }),
      c: depth > 0 ? fc.array(nested(depth - 1), { maxLength: 3 }) : fc.constant([]),
      d: fc.double({ noNaN: true }),
      e: fc.nat(),
    },
    { requiredKeys: ['c'] },
  );
const content = nested(3);

const path = join(temporary(), 'message');

function opened<T>(bytes: Uint8Array, use: (reader: Reader) => T): T {
  writeFileSync(path, bytes);
  const file = openSync(path, 'r');
  try {
    return use(new Reader(path, file, bytes.length));
  } finally {
    closeSync(file);
  }
}

function read(reader: Reader, from = 0, to = reader.size): Content {
  const c: Content[] = [];
  const rest: Record<string, number | string> = {};
  for (const field of reader.fields(from, to)) {
    const bytes = Buffer.from(reader.bytes(field.from, field.to));
    if (field.number === 1) rest.a = field.value;
    else if (field.number === 15) rest.b = reader.text(field);
    else if (field.number === 16) c.push(read(reader, field.from, field.to));
    else if (field.number === 300) rest.d = bytes.readDoubleLE();
    else rest.e = bytes.readUInt32LE();
  }
  return { ...rest, c };
}

it('what protobufjs writes is read', () => {
  fc.assert(
    fc.property(content, (value) => {
      expect(opened(Outer.encode(value).finish(), (reader) => read(reader))).toEqual(value);
    }),
  );
});

it('what is written is read by protobufjs', () => {
  const write = ({ a, b, c }: Content): Uint8Array[] => [
    ...(a === undefined ? [] : [integer(1, a)]),
    ...(b === undefined ? [] : [text(15, b)]),
    ...c.map((inner) => message(16, ...write(inner))),
  ];
  const known = ({ a, b, c }: Content): object => ({
    ...(a === undefined ? {} : { a }),
    ...(b === undefined ? {} : { b }),
    c: c.map(known),
  });
  fc.assert(
    fc.property(content, (value) => {
      const decoded = Outer.decode(Buffer.concat(write(value)));
      expect(Outer.toObject(decoded, { longs: Number, arrays: true })).toEqual(known(value));
    }),
  );
});
