import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { editGraph } from '../../../src/model/graph/edit-graph.ts';
import { Graph } from '../../../training/onnx.ts';
import { TYPES } from '../../../training/onnx-proto.ts';
import { decoder } from '../decoders/decoder.ts';
import { decoderGraph } from '../decoders/graph.ts';
import { type DecoderShape, tinyGpt2, tinyLlama, wideGpt2, wideLlama } from '../decoders/shape.ts';
import { story } from '../folders.ts';
import { temporary } from '../variant.ts';
import { Runner } from './runner.ts';

type Change = Partial<DecoderShape>;

const pathOf = (shape: DecoderShape) => join(decoder(shape).folder, 'onnx/model.onnx');
const token = (i: number) => 1 + ((i * 7919) % 2047);
const tokens = (from: number, count: number) =>
  Array.from({ length: count }, (_, i) => token(from + i));
const farthest = (a: Float32Array, b: Float32Array) =>
  a.reduce((most, z, i) => Math.max(most, Math.abs(z - b[i]!)), 0);

const SAME = 2e-5;
const OTHER = 0.1;

/** How far logits behind a past with room are from those behind one without. */
async function apart(shape: DecoderShape, padding: 'left' | 'right' | 'behind'): Promise<number> {
  const path = pathOf(shape);
  const exact = await Runner.edited(path, { padding: 'none' });
  const padded = await Runner.edited(path, { padding, room: 20 });
  const [a, b] = [exact.text(), padded.text()];
  let most = 0;
  for (const count of [12, 1, 1, 9, 1]) {
    const piece = tokens(a.length, count);
    const [expected] = await exact.run([a], [piece]);
    const [got] = await padded.run([b], [piece]);
    most = Math.max(most, farthest(got!, expected!));
  }
  await exact.session.release();
  await padded.session.release();
  return most;
}

describe('what padding a graph admits', () => {
  it.each<[DecoderShape, Change, 'left' | 'right' | 'none']>([
    [tinyLlama, {}, 'left'],
    [tinyLlama, { window: 8 }, 'left'],
    [tinyLlama, { attention: 'mha', kvHeads: 4 }, 'left'],
    [tinyLlama, { attention: 'gqa' }, 'right'],
    [tinyLlama, { attention: 'gqa', window: 8 }, 'right'],
    [tinyLlama, { attention: 'gqa', positions: false }, 'right'],
    [tinyLlama, { attention: 'packed', positions: false }, 'right'],
    [tinyGpt2, { attention: 'gqa' }, 'right'],
    [tinyGpt2, { attention: 'gqa', positions: false }, 'none'],
    [tinyGpt2, { attention: 'gqa', mask: false }, 'none'],
    [tinyGpt2, { positions: false }, 'none'],
    [tinyGpt2, { mask: false }, 'none'],
    [tinyGpt2, { merged: true }, 'none'],
    [tinyGpt2, { keep: true }, 'left'],
  ])('%o with %o: %s', (base, change, padding) => {
    expect(editGraph(pathOf({ ...base, ...change })).report.padding).toBe(padding);
  });

  it('and one with a branch: none', async () => {
    const g = decoderGraph(tinyLlama);
    const branch = (op: string) => {
      const inner = new Graph(op, g);
      inner.output(inner.node(op, ['input_ids']), 'y', 'int64', ['batch', 'sequence']);
      return inner.attribute;
    };
    const length = g.node('Size', ['attention_mask']);
    const chosen = g.node('If', [g.node('Greater', [length, g.node('Size', ['input_ids'])])], {
      then_branch: branch('Neg'),
      else_branch: branch('Abs'),
    });
    g.output(chosen, 'other', 'int64', ['batch', 'sequence']);
    const path = join(temporary(), 'model.onnx');
    g.write(path);
    expect(editGraph(path).report).toMatchObject({
      head: 'only the tokens asked for',
      cache: 'left: the past must have no room to spare',
      padding: 'none',
    });
    const [plain, edited] = [await Runner.plain(path), await Runner.edited(path)];
    const [a, b] = [plain.text(), edited.text()];
    for (const piece of [tokens(0, 9), tokens(9, 1), tokens(10, 3)])
      expect(await edited.run([b], [piece])).toEqual(await plain.run([a], [piece]));
  });

  it.each<[string, (g: Graph) => void, 'right' | 'none']>([
    ['alone', () => {}, 'right'],
    [
      'and others',
      (g) => g.output(g.node('Shape', ['past_key_values.0.key']), 'dims', 'int64', [4]),
      'none',
    ],
  ])('and one whose past grouped attention has %s: %s', (_, also, padding) => {
    const g = decoderGraph({ ...tinyLlama, attention: 'gqa', positions: false });
    also(g);
    const path = join(temporary(), 'model.onnx');
    g.write(path);
    expect(editGraph(path).report.padding).toBe(padding);
  });

  it.each<[string, (g: Graph, mask: string) => string, 'right' | 'none']>([
    ['sums', (g, mask) => g.node('ReduceSum', [mask, g.ints(1)], { keepdims: 0 }), 'right'],
    ['size', (g, mask) => g.node('Slice', [g.node('Shape', [mask]), g.ints(1), g.ints(2)]), 'none'],
  ])('and one that has lengths from the %s of its mask: %s', (_, count, padding) => {
    const g = new Graph('grouped');
    const ids = g.input('input_ids', 'int64', ['batch', 'sequence']);
    const mask = g.input('attention_mask', 'int64', ['batch', 'total']);
    const table = g.constant('table', 'float32', [64, 16], new Float32Array(64 * 16));
    const x = g.node('Gather', [table, ids]);
    const less = g.node('Sub', [count(g, mask), g.ints(1)]);
    const lengths = g.node('Cast', [less], { to: TYPES.int32 });
    const names = ['0.key', '0.value'];
    const dims = ['batch', 1, 'tokens', 16];
    const pasts = names.map((name) => g.input(`past_key_values.${name}`, 'float32', dims));
    const presents = names.map((name) => `present.${name}`);
    g.nodes(
      'com.microsoft:GroupQueryAttention',
      [x, x, x, ...pasts, lengths, lengths],
      ['seen', ...presents],
      { num_heads: 1, kv_num_heads: 1, do_rotary: 1 },
    );
    for (const name of presents) g.output(name, name, 'float32', dims);
    const head = g.node('Transpose', [table], { perm: [1, 0] });
    g.output(g.node('MatMul', ['seen', head]), 'logits', 'float32', ['batch', 'sequence', 64]);
    const path = join(temporary(), 'model.onnx');
    g.write(path);
    expect(editGraph(path).report.padding).toBe(padding);
  });

  it('and the embedded model: left', () => {
    expect(editGraph(join(story, 'onnx/model.onnx')).report.padding).toBe('left');
  });
});

describe('why not another', () => {
  it('room behind the rows of a past is right only where no window is counted', async () => {
    expect(await apart(tinyLlama, 'behind')).toBeLessThan(SAME);
    expect(await apart({ ...tinyLlama, window: 8 }, 'behind')).toBeGreaterThan(OTHER);
    expect(await apart({ ...tinyLlama, window: 8 }, 'left')).toBeLessThan(SAME);
  });

  it.each<[string, Change, 'left' | 'right']>([
    ['positions counted from the past', { positions: false }, 'left'],
    ['positions counted from a grouped past', { positions: false, attention: 'gqa' }, 'right'],
    ['no mask', { mask: false }, 'left'],
  ])('%s', async (_, change, padding) => {
    expect(await apart({ ...tinyGpt2, ...change }, padding)).toBeGreaterThan(OTHER);
  });
});

describe.each<[DecoderShape, Change]>([
  [tinyLlama, {}],
  [tinyLlama, { window: 8 }],
  [tinyLlama, { attention: 'mha', kvHeads: 4 }],
  [tinyLlama, { attention: 'gqa' }],
  [tinyLlama, { attention: 'gqa', positions: false }],
  [tinyLlama, { attention: 'packed', window: 8 }],
  [tinyGpt2, {}],
  [tinyGpt2, { attention: 'gqa', head: 'gemm' }],
  [wideGpt2, {}],
  [wideLlama, { window: 8 }],
])('texts of unlike lengths at once, %o with %o', (base, change) => {
  it('get the logits that each gets alone', async () => {
    const path = pathOf({ ...base, ...change });
    const plain = await Runner.plain(path);
    const edited = await Runner.edited(path, { room: 7 });
    const lengths = [17, 3, 9];
    const texts = lengths.map(() => edited.text());
    const alone = lengths.map(() => plain.text());
    for (const [i, length] of lengths.entries()) {
      await edited.run([texts[i]!], [tokens(100 * i, length)]);
      await plain.run([alone[i]!], [tokens(100 * i, length)]);
    }
    for (let step = 0; step < 12; step++) {
      const next = lengths.map((_, i) => [token(1000 + step + 50 * i)]);
      const got = await edited.run(texts, next);
      for (const [i, text] of alone.entries()) {
        const [expected] = await plain.run([text], [next[i]!]);
        expect(farthest(got[i]!, expected!)).toBeLessThan(SAME);
      }
    }
    // Of some of them only, in any order.
    const last = lengths.map((_, i) => [token(2000 + i)]);
    const [third, first] = await edited.run(texts, last, [2, 0]);
    for (const [row, i] of [
      [third!, 2],
      [first!, 0],
    ] as const) {
      const [expected] = await plain.run([alone[i]!], [last[i]!]);
      expect(farthest(row, expected!)).toBeLessThan(SAME);
    }
  });
});

it.each<Change>([{}, { positions: false }, { attention: 'packed' }])(
  'prompts of unlike lengths at once, for grouped attention %o',
  async (change) => {
    const path = pathOf({ ...tinyLlama, attention: 'gqa', ...change });
    const [plain, edited] = [await Runner.plain(path), await Runner.edited(path, { room: 5 })];
    const texts = [0, 1, 2].map(() => edited.text());
    const alone = texts.map(() => plain.text());
    for (const lengths of [
      [17, 3, 9],
      [1, 1, 1],
      [1, 1, 1],
    ]) {
      const pieces = lengths.map((length, i) => tokens(300 * i + texts[i]!.length, length));
      const got = await edited.run(texts, pieces);
      for (const [i, row] of got.entries()) {
        const [expected] = await plain.run([alone[i]!], [pieces[i]!]);
        expect(farthest(row, expected!)).toBeLessThan(SAME);
      }
    }
  },
);

it.each<Change>([{}, { width: 384, heads: 6 }, { attention: 'mha', kvHeads: 4 }])(
  'pieces of texts of unlike lengths at once, for others %o',
  async (change) => {
    const path = pathOf({ ...tinyLlama, ...change });
    const [plain, edited] = [await Runner.plain(path), await Runner.edited(path, { room: 5 })];
    const texts = [0, 1, 2].map(() => edited.text());
    const alone = texts.map(() => plain.text());
    for (const [i, length] of [17, 3, 9].entries()) {
      await edited.run([texts[i]!], [tokens(100 * i, length)]);
      await plain.run([alone[i]!], [tokens(100 * i, length)]);
    }
    const pieces = texts.map((_, i) => tokens(1000 * i, 6));
    for (const [i, row] of (await edited.run(texts, pieces)).entries()) {
      const [expected] = await plain.run([alone[i]!], [pieces[i]!]);
      expect(farthest(row, expected!)).toBeLessThan(SAME);
    }
  },
);
