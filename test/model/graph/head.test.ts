import { describe, expect, it } from 'vitest';
import { editGraph } from '../../../src/model/graph/edit-graph.ts';
import { Graph } from '../../../training/onnx.ts';
import { Runner } from './runner.ts';
import {
  bias,
  hidden,
  numbers,
  plain,
  rowDims,
  VOCABULARY,
  WIDTH,
  weight,
  withHead,
} from './small.ts';

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
