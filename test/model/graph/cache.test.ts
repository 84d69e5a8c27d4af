import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { editGraph } from '../../../src/model/graph/edit-graph.ts';
import { Graph } from '../../../training/onnx.ts';
import { encodeMessage } from '../../../training/onnx-proto.ts';
import { decoder } from '../decoders/decoder.ts';
import { tinyLlama } from '../decoders/shape.ts';
import { Runner } from './runner.ts';
import { hidden, plain, rowDims, WIDTH, withHead, write } from './small.ts';

const HEADS = 2;

describe('a cache is left', () => {
  const dims = (length: string) => ['batch', HEADS, length, WIDTH / HEADS];

  /** A graph whose one cache is made by `join` from the past and the new rows. */
  const withCache = (
    join: (g: Graph, past: string, rows: string) => string,
    past = dims('past'),
    name = 'present.0.key',
  ) => {
    const g = new Graph('cache');
    const x = hidden(g);
    const rows = g.node('Transpose', [g.node('Reshape', [x, g.ints(0, 0, HEADS, WIDTH / HEADS)])], {
      perm: [0, 2, 1, 3],
    });
    const joined = join(g, g.input('past_key_values.0.key', 'float32', past), rows);
    g.output(joined, name, 'float32', dims('total'));
    g.output(plain(g, x), 'logits', 'float32', rowDims);
    return write(g);
  };
  const concat = (axis: number) => (g: Graph, past: string, rows: string) =>
    g.node('Concat', [past, rows], { axis });

  it('only when it is not joined as usual', async () => {
    for (const axis of [2, -2]) {
      const path = withCache(concat(axis));
      expect(editGraph(path).report).toMatchObject({
        cache: 'left: the past must have no room to spare',
        padding: 'none',
      });
    }
  });

  it('as the standard attention joins it', async () => {
    const g = new Graph('attention');
    const x = hidden(g);
    const pasts = ['key', 'value'].map((part) =>
      g.input(`past_key_values.0.${part}`, 'float32', dims('past')),
    );
    const presents = ['present.0.key', 'present.0.value'];
    const sizes = { q_num_heads: HEADS, kv_num_heads: HEADS, is_causal: 1 };
    g.nodes('Attention', [x, x, x, '', ...pasts], ['seen', ...presents], sizes);
    for (const name of presents) g.output(name, name, 'float32', dims('total'));
    g.output(plain(g, 'seen'), 'logits', 'float32', rowDims);
    const path = write(g);
    appendFileSync(path, encodeMessage('Model', { opset_import: [{ domain: '', version: 23 }] }));
    expect(editGraph(path).report).toMatchObject({
      cache: 'left: the past must have no room to spare',
      padding: 'none',
    });
    const [file, edited] = [await Runner.plain(path), await Runner.edited(path)];
    const [a, b] = [file.text(), edited.text()];
    for (const piece of [[1, 2, 3], [4], [5, 6], [7]])
      expect(await edited.run([b], [piece])).toEqual(await file.run([a], [piece]));
  });

  it.each<[string, string]>([
    ['present.0.key is not joined from the past and new rows (Concat)', withCache(concat(3))],
    [
      'present.0.key is not joined from the past and new rows (Concat)',
      withCache((g, past, rows) => g.node('Concat', [rows, past], { axis: 2 })),
    ],
    [
      'present.0.key is not joined from the past and new rows (Concat)',
      withCache((g, past, rows) => g.node('Concat', [past, rows, rows], { axis: 2 })),
    ],
    [
      'present.0.key is not joined from the past and new rows (Slice)',
      withCache((g, past, rows) => {
        const all = g.node('Concat', [past, rows], { axis: 2 });
        return g.node('Slice', [all, g.ints(-4), g.ints(1 << 30), g.ints(2)]);
      }),
    ],
    ['past_key_values.0.key has no output', withCache(concat(2), dims('past'), 'other')],
    [
      'past_key_values.0.key is not declared with four axes',
      withCache((g, past, rows) => g.node('Concat', [past, rows], { axis: 2 }), ['batch']),
    ],
    [
      'present.0.key is not joined from the past and new rows (If)',
      join(decoder({ ...tinyLlama, merged: true }).folder, 'onnx/model.onnx'),
    ],
    ['the graph has none', withHead(plain)],
  ])('when %s', (why, path) => {
    expect(editGraph(path).report.cache).toBe(`left: ${why}`);
  });
});
