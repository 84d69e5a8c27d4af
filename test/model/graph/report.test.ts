import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { editGraph } from '../../../src/model/graph/edit-graph.ts';
import { Graph } from '../../../training/onnx.ts';
import { encodeMessage } from '../../../training/onnx-proto.ts';
import { decoder } from '../decoders/decoder.ts';
import { tinyLlama } from '../decoders/shape.ts';
import { temporary } from '../variant.ts';
import { Runner } from './runner.ts';

const WIDTH = 16;
const VOCABULARY = 40;
const HEADS = 2;

/** Numbers that are all different. */
const numbers = (count: number) =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(1 + i * 1.7));

/** Hidden states of tokens, [batch, sequence, width]. */
function hidden(g: Graph): string {
  const table = g.constant('table', 'float32', [VOCABULARY, WIDTH], numbers(VOCABULARY * WIDTH));
  return g.node('Gather', [table, g.input('input_ids', 'int64', ['batch', 'sequence'])]);
}

const weight = (g: Graph) =>
  g.constant('head', 'float32', [WIDTH, VOCABULARY], numbers(WIDTH * VOCABULARY));
const bias = (g: Graph) => g.constant('bias', 'float32', [VOCABULARY], numbers(VOCABULARY));
const plain = (g: Graph, x = hidden(g)) => g.node('MatMul', [x, weight(g)]);
const rowDims = ['batch', 'sequence', VOCABULARY];

function write(g: Graph): string {
  const path = join(temporary(), 'model.onnx');
  writeFileSync(path, g.encode().model);
  return path;
}

const withHead = (build: (g: Graph) => string, dims: (string | number)[] = rowDims) => {
  const g = new Graph('head');
  g.output(build(g), 'logits', 'float32', dims);
  return write(g);
};

describe('a head is given only the tokens asked for', () => {
  it.each<[string, (g: Graph) => string]>([
    ['a product', plain],
    ['with a bias', (g) => g.node('Add', [plain(g), bias(g)])],
    ['with a bias in front', (g) => g.node('Add', [bias(g), plain(g)])],
    ['scaled', (g) => g.node('Div', [g.node('Mul', [g.float(3), plain(g)]), g.float(2)])],
    [
      'capped',
      (g) => g.node('Mul', [g.node('Tanh', [g.node('Div', [plain(g), g.float(9)])]), g.float(9)]),
    ],
    ['there and back', (g) => g.node('Cast', [g.node('Cast', [plain(g)], { to: 11 })], { to: 1 })],
    [
      'of bytes with scales',
      (g) => {
        const small = g.weight('w', [WIDTH, VOCABULARY], numbers(WIDTH * VOCABULARY), 'int8');
        return g.node('MatMul', [hidden(g), small]);
      },
    ],
    [
      'of a weight in a node',
      (g) => g.node('MatMul', [hidden(g), g.node('Identity', [weight(g)])]),
    ],
    [
      'fused with a transposition',
      (g) => {
        const turned = g.node('Transpose', [weight(g)], { perm: [1, 0] });
        return g.node('com.microsoft:FusedMatMul', [hidden(g), turned], { transB: 1 });
      },
    ],
    [
      'of bytes, scaled by one operator',
      (g) => {
        const [x = '', scale = '', zero = ''] = g.nodes('DynamicQuantizeLinear', [hidden(g)], 3);
        const bytes = Int8Array.from({ length: WIDTH * VOCABULARY }, (_, i) => (i * 37) % 100);
        const w = g.constant('w', 'int8', [WIDTH, VOCABULARY], bytes);
        return g.node('com.microsoft:MatMulIntegerToFloat', [
          ...[x, w, scale, g.float(0.01), zero],
          g.constant('zero', 'int8', [], Int8Array.of(0)),
        ]);
      },
    ],
    [
      'of states that are an output too',
      (g) => {
        const x = hidden(g);
        g.output(x, 'states', 'float32', ['batch', 'sequence', WIDTH]);
        return plain(g, x);
      },
    ],
  ])('%s', async (_, build) => {
    const path = withHead(build);
    expect(editGraph(path).report.head).toBe('only the tokens asked for');
    const [file, edited] = [await Runner.plain(path), await Runner.edited(path)];
    const tokens = [
      [5, 9, 1],
      [8, 3, 7],
    ];
    for (const wanted of [[0, 1, 2, 3, 4, 5], [2, 5], [4, 0, 4], []]) {
      const run = (runner: Runner) => runner.run([runner.text(), runner.text()], tokens, wanted);
      expect(await run(edited)).toEqual(await run(file));
    }
  });
});

describe('a head is left', () => {
  it.each<[string, (g: Graph) => string, (string | number)[]?]>([
    ['its logits come from LogSoftmax', (g) => g.node('LogSoftmax', [plain(g)])],
    [
      'its logits come from Slice',
      (g) => g.node('Slice', [plain(g), g.ints(0), g.ints(30), g.ints(2)]),
    ],
    ['its logits come from Add', (g) => g.node('Add', [plain(g), plain(g)])],
    [
      'its MatMul does not multiply rows with weights',
      (g) => {
        const x = hidden(g);
        return g.node('MatMul', [x, g.node('Transpose', [x], { perm: [0, 2, 1] })]);
      },
    ],
    [
      'is used beside the logits',
      (g) => {
        const scores = plain(g);
        g.output(scores, 'scores', 'float32', rowDims);
        return g.node('Tanh', [scores]);
      },
    ],
    [
      'is used beside the logits',
      (g) => {
        const scores = plain(g);
        const branch = (op: string) => {
          const inner = new Graph(op, g);
          const outer = new Graph(`${op} within`, inner);
          outer.output(outer.node(op, [scores]), 'y', 'float32', rowDims);
          const nested = { then_branch: outer.attribute, else_branch: outer.attribute };
          inner.output(inner.node('If', ['yes'], nested), 'z', 'float32', rowDims);
          return inner.attribute;
        };
        g.constant('yes', 'bool', [], Uint8Array.of(1));
        const branches = { then_branch: branch('Tanh'), else_branch: branch('Neg') };
        g.output(g.node('If', ['yes'], branches), 'other', 'float32', rowDims);
        return g.node('Tanh', [scores]);
      },
    ],
    [
      'it chooses rows itself, by Slice',
      (g) => plain(g, g.node('Slice', [hidden(g), g.ints(-1), g.ints(1 << 30), g.ints(1)])),
    ],
    [
      'it chooses rows itself, by Gather',
      (g) => {
        const last = g.node('Gather', [hidden(g), g.ints(-1)], { axis: 1 });
        return plain(g, g.node('Mul', [g.node('Tanh', [last]), g.float(2)]));
      },
    ],
    ['it gives one row of logits', plain, ['batch', 1, VOCABULARY]],
    ['its logits are not declared with three axes', plain, ['batch', VOCABULARY]],
    [
      'it takes num_logits_to_keep',
      (g) => {
        g.input('num_logits_to_keep', 'int64', []);
        return plain(g);
      },
    ],
    ['logits comes from no operator', () => 'logits'],
    [
      'the graph has names that an edit would use',
      (g) => g.node('Add', [plain(g), g.constant('kelvin.x', 'float32', [], Float32Array.of(1))]),
    ],
  ])('when %s', (why, build, dims) => {
    const { head } = editGraph(withHead(build, dims)).report;
    expect(head).toMatch(/^left: /);
    expect(head).toContain(why);
  });
});

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
        cache: 'only new rows are given out',
        padding: 'none',
      });
      // Nor does anything go on giving the whole cache.
      expect(Buffer.from(editGraph(path).model!).includes('present.')).toBe(false);
      const runner = await Runner.edited(path);
      const text = runner.text();
      await runner.run([text], [[1, 2, 3]]);
      await runner.run([text], [[4, 5]]);
      expect(text.rows.get('past_key_values.0.key')).toHaveLength(5);
      expect(runner.session.outputNames).toEqual(['new.0.key', 'logits']);
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
      cache: 'only new rows are given out',
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
