import { ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editGraph } from '../../../src/model/graph/edit-graph.ts';
import { KelvinError } from '../../../src/sampling/error.ts';
import { decoderGraph } from '../decoders/graph.ts';
import { tinyLlama } from '../decoders/shape.ts';
import { temporary } from '../variant.ts';

const path = join(temporary(), 'model.onnx');
const small = { ...tinyLlama, layers: 1, width: 16, heads: 2, kvHeads: 1, inner: 32 };
const sound = decoderGraph({ ...small, vocabulary: 64, context: 16 }).encode().model;

type Outcome = 'refused' | 'left' | 'edited';

/** Whatever the file holds: an error that names it, or a report, before the test's own time is up. */
function attempt(): Outcome {
  try {
    const { model, report } = editGraph(path);
    expect(Object.values(report).every((words) => words.length > 0)).toBe(true);
    return model ? 'edited' : 'left';
  } catch (error) {
    expect(error).toBeInstanceOf(KelvinError);
    expect(error).toMatchObject({ code: 'MODEL_FILE', message: expect.stringContaining(path) });
    return 'refused';
  }
}

const attemptWith = (bytes: Uint8Array): Outcome => {
  writeFileSync(path, bytes);
  return attempt();
};

/** A field of bytes. */
const field = (number: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const content = Buffer.concat(parts);
  return Buffer.concat([varint(number * 8 + 2), varint(content.length), content]);
};

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Uint8Array.from([...bytes, value]);
}

const GRAPH = 7;
const NODE = 1;

describe('a broken file is refused or left', () => {
  it('cut off anywhere', () => {
    writeFileSync(path, sound);
    const file = openSync(path, 'r+');
    const outcomes = new Set<Outcome>();
    for (let length = sound.length - 1; length >= 0; length--) {
      ftruncateSync(file, length);
      outcomes.add(attempt());
    }
    expect(outcomes).toEqual(new Set(['refused', 'left', 'edited']));
  });

  it('with other bits, bytes, or pieces', () => {
    const place = fc.nat(sound.length - 1);
    const change = fc.oneof(
      fc.record({
        at: place,
        cut: fc.constant(1),
        put: fc.uint8Array({ minLength: 1, maxLength: 1 }),
      }),
      fc.record({ at: place, cut: fc.nat(40), put: fc.uint8Array({ maxLength: 12 }) }),
      fc.record({ at: place, cut: fc.nat(10), put: fc.constant(new Uint8Array(9).fill(0xff)) }),
      fc
        .record({ at: place, from: place, length: fc.nat(300) })
        .map(({ at, from, length }) => ({ at, cut: 0, put: sound.slice(from, from + length) })),
    );
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        let bytes: Uint8Array = sound;
        for (const { at, cut, put } of changes)
          bytes = Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + cut)]);
        attemptWith(bytes);
      }),
      { numRuns: 1500 },
    );
  });

  it('of any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void attemptWith(bytes)));
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        (bytes) => void attemptWith(field(GRAPH, bytes)),
      ),
      { numRuns: 500 },
    );
  });

  it.each<[string, Uint8Array, Outcome]>([
    ['nothing', new Uint8Array(0), 'left'],
    ['text', Buffer.from('version https://git-lfs.github.com/spec/v1\n'), 'refused'],
    ['an endless varint', new Uint8Array(20).fill(0xff), 'refused'],
    ['a field of number 0', Uint8Array.of(2, 0), 'refused'],
    ['a group', Uint8Array.of(0x3b, 0x3c), 'refused'],
    ['a length of 2^53', Buffer.concat([varint(58), varint(2 ** 53)]), 'refused'],
    ['a length of -1', Uint8Array.of(58, ...Array(9).fill(0xff), 1), 'refused'],
    ['two graphs', Buffer.concat([sound, field(GRAPH)]), 'left'],
    ['an empty graph', field(GRAPH), 'left'],
    [
      'very many nodes',
      field(
        GRAPH,
        new Uint8Array(8e6).map((_, i) => (i % 2 ? 0 : 10)),
      ),
      'left',
    ],
    [
      'a node of very many inputs',
      field(
        GRAPH,
        field(
          NODE,
          new Uint8Array(8e6).map((_, i) => (i % 2 ? 0 : 10)),
        ),
      ),
      'left',
    ],
    ['a long name', field(GRAPH, field(NODE, field(4, new Uint8Array(130e6)))), 'left'],
    [
      'more than an edit should copy',
      Buffer.concat([sound, field(6, new Uint8Array(130e6))]),
      'left',
    ],
  ])('of %s', (_, bytes, outcome) => {
    expect(attemptWith(bytes)).toBe(outcome);
  });

  it('of nodes that feed each other', () => {
    const text = (number: number, value: string) => field(number, Buffer.from(value));
    const node = (op: string, from: string, to: string) =>
      field(NODE, text(1, from), text(2, to), text(4, op));
    const dims = [1, 2, 3].map((size) => field(1, Uint8Array.of(8, size + 1)));
    const value = (number: number, name: string) =>
      field(
        number,
        text(1, name),
        field(2, field(1, Uint8Array.of(8, 1), field(2, ...dims, dims[0]!))),
      );
    const three = field(12, text(1, 'logits'), field(2, field(1, field(2, ...dims))));
    const graph = field(
      GRAPH,
      ...[node('Cast', 'a', 'logits'), node('Tanh', 'b', 'a'), node('Neg', 'a', 'b')],
      ...[node('Cast', 'd', 'present.0.key'), node('Identity', 'present.0.key', 'd')],
      ...[three, value(11, 'past_key_values.0.key'), value(12, 'present.0.key')],
    );
    writeFileSync(path, graph);
    expect(editGraph(path).report).toMatchObject({
      head: expect.stringMatching(/^left: /),
      cache: expect.stringMatching(/^left: present.0.key is not joined/),
    });
  });

  it('of graphs inside graphs', () => {
    let bytes: Uint8Array = new Uint8Array(0);
    // Each in an attribute of the only node of the next.
    for (let depth = 0; depth < 3000; depth++) bytes = field(NODE, field(5, field(6, bytes)));
    expect(attemptWith(field(GRAPH, bytes))).toBe('left');
  });

  it('larger than memory', () => {
    const file = openSync(path, 'w');
    const size = 60e9;
    writeSync(file, Buffer.concat([varint(GRAPH * 8 + 2), varint(size)]));
    ftruncateSync(file, size);
    expect(attempt()).toBe('refused');
  });

  it.each(['', 'gone.onnx'])('or no file at all: "%s"', (name) => {
    const where = join(temporary(), name);
    expect(() => editGraph(where)).toThrow(
      expect.objectContaining({ code: 'MODEL_FILE', message: expect.stringContaining(where) }),
    );
  });
});
