import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { editGraph } from '../../../src/model/graph/edit-graph.ts';
import { Graph } from '../../../training/onnx.ts';
import { TYPES } from '../../../training/onnx-proto.ts';
import { decoder } from '../decoders/decoder.ts';
import { type DecoderShape, wideGpt2, wideLlama } from '../decoders/shape.ts';
import { temporary } from '../variant.ts';
import { Runner } from './runner.ts';
import { numbers, VOCABULARY, write } from './small.ts';

const APART = 'past and new rows apart';
/** A few in the last place. */
const SAME = 2e-6;
const HEADS = 6;
const SIZE = 64;
const WIDTH = HEADS * SIZE;

/** How one layer's attention is written; each has its usual form in {@link usual}. */
interface Form {
  readonly scores: (g: Graph, queries: string, keys: string) => string;
  readonly scaled: (g: Graph, scores: string) => string;
  readonly sums: (g: Graph, weights: string, values: string) => string;
  readonly type: 'float32' | 'float16';
  /** What else there is in the graph. */
  readonly also: (g: Graph, keys: string, values: string) => void;
}

const turned = (g: Graph, x: string) => g.node('Transpose', [x], { perm: [0, 1, 3, 2] });
const usual: Form = {
  scores: (g, queries, keys) => g.node('MatMul', [queries, turned(g, keys)]),
  scaled: (g, scores) => g.node('Div', [scores, g.float(8)]),
  sums: (g, weights, values) => g.node('MatMul', [weights, values]),
  type: 'float32',
  also: () => {},
};

/** The file of a decoder of one layer, with so many heads in its cache. */
function layer(change: Partial<Form>, heads = HEADS): string {
  const form = { ...usual, ...change };
  const g = new Graph('layer');
  const ids = g.input('input_ids', 'int64', ['batch', 'sequence']);
  const mask = g.input('attention_mask', 'int64', ['batch', 'total']);
  const positions = g.input('position_ids', 'int64', ['batch', 'sequence']);
  const table = (name: string, count: number) =>
    g.constant(
      name,
      'float32',
      [count, WIDTH],
      numbers(count * WIDTH).map((x) => x / 3),
    );
  const x = g.node('Add', [
    g.node('Gather', [table('table', VOCABULARY), ids]),
    g.node('Gather', [table('places', 64), positions]),
  ]);
  const split = (sign: number, count: number) => {
    const rows = g.node('Slice', [x, g.ints(0), g.ints(count * SIZE), g.ints(2)]);
    const signed = g.node('Mul', [rows, g.float(sign)]);
    const apart = g.node('Reshape', [signed, g.ints(0, 0, count, SIZE)]);
    return g.node('Transpose', [apart], { perm: [0, 2, 1, 3] });
  };
  const dims = (length: string) => ['batch', heads, length, SIZE];
  const [keys = '', values = ''] = ['key', 'value'].map((part, i) => {
    const past = g.input(`past_key_values.0.${part}`, form.type, dims('past'));
    const rows = split(i + 2, heads);
    const own = form.type === 'float32' ? rows : g.node('Cast', [rows], { to: TYPES.float16 });
    const [all = ''] = g.nodes('Concat', [past, own], [`present.0.${part}`], { axis: 2 });
    g.output(all, all, form.type, dims('total'));
    return form.type === 'float32' ? all : g.node('Cast', [all], { to: TYPES.float32 });
  });
  const unseen = g.node('Equal', [mask, g.constant('zero', 'int64', [], BigInt64Array.of(0n))]);
  const bias = g.node('Where', [
    g.node('Unsqueeze', [unseen, g.ints(1, 2)]),
    g.float(-1e30),
    g.float(0),
  ]);
  const scores = form.scaled(g, form.scores(g, split(1, HEADS), keys));
  const weights = g.node('Softmax', [g.node('Add', [scores, bias])], { axis: -1 });
  const seen = form.sums(g, weights, values);
  const back = g.node('Transpose', [seen], { perm: [0, 2, 1, 3] });
  const joined = g.node('Reshape', [back, g.ints(0, 0, WIDTH)]);
  const head = g.node('Transpose', [table('table', VOCABULARY)], { perm: [1, 0] });
  const logits = g.node('MatMul', [g.node('Add', [x, joined]), head]);
  g.output(logits, 'logits', 'float32', ['batch', 'sequence', VOCABULARY]);
  form.also(g, keys, values);
  return write(g);
}

/** How far logits are apart, of the largest of them. */
function apart(a: Float32Array, b: Float32Array): number {
  const largest = b.reduce((most, z) => Math.max(most, Math.abs(z)), 0);
  return a.reduce((most, z, i) => Math.max(most, Math.abs(z - b[i]!)), 0) / largest;
}

/** The edited graph gives the file's logits, for texts of unlike lengths and behind room too. */
async function agrees(path: string) {
  const [plain, edited] = [await Runner.plain(path), await Runner.edited(path, { room: 5 })];
  const lengths = [7, 1, 3];
  const texts = lengths.map(() => edited.text());
  const alone = lengths.map(() => plain.text());
  const run = async (which: number[], pieces: number[][]) => {
    const some = which.map((i) => texts[i]!);
    for (const [n, row] of (await edited.run(some, pieces)).entries()) {
      const [expected] = await plain.run([alone[which[n]!]!], [pieces[n]!]);
      expect(apart(row, expected!)).toBeLessThan(SAME);
    }
  };
  for (const [i, length] of lengths.entries())
    await run([i], [Array.from({ length }, (_, n) => (5 * i + n) % VOCABULARY)]);
  for (let step = 0; step < 4; step++) await run([2, 0, 1], [[step], [9], [step + 20]]);
}

/** Keys and values each passed through something on their way. */
const through = (way: (g: Graph, all: string) => string): Partial<Form> => ({
  scores: (g, queries, keys) => usual.scores(g, queries, way(g, keys)),
  sums: (g, weights, values) => usual.sums(g, weights, way(g, values)),
});

/** Each head for three, in the order that `axis` says. */
const repeated = (axis: number, sizes: (g: Graph, all: string) => string) =>
  through((g, all) => {
    const wide = g.node('Unsqueeze', [all, g.ints(axis)]);
    const counts = [1, 1, 1, 1, 1].with(axis, 3);
    return g.node('Reshape', [g.node('Expand', [wide, g.ints(...counts)]), sizes(g, all)]);
  });

/** As PyTorch's exporter writes sizes. */
const counted = (...known: (number | undefined)[]) => {
  return (g: Graph, all: string) => {
    const shape = g.node('Shape', [all]);
    const parts = known.map((size, axis) =>
      size === undefined ? g.node('Slice', [shape, g.ints(axis), g.ints(axis + 1)]) : g.ints(size),
    );
    return g.node('Concat', parts, { axis: 0 });
  };
};

/** A tensor in a node of its own, as PyTorch's exporter writes them. */
const constant = (g: Graph, type: 'float32' | 'int64', ...values: number[]) => {
  const data = type === 'int64' ? BigInt64Array.from(values, BigInt) : Float32Array.from(values);
  const dims = type === 'int64' ? [values.length] : [];
  const raw_data = new Uint8Array(data.buffer);
  return g.node('Constant', [], {
    value: { tensor: { dims, data_type: TYPES[type], raw_data } },
  });
};

const scaled = (scale: (g: Graph, scores: string) => string) => layer({ scaled: scale });

describe('attention reads past and new rows apart', () => {
  const wide = (g: Graph, x: string) => g.node('Unsqueeze', [x, g.ints(0)]);
  const narrow = (g: Graph, x: string) => g.node('Squeeze', [x, g.ints(0)]);
  it.each<[string, string]>([
    ['as usual', layer({})],
    ['not scaled', scaled((_, scores) => scores)],
    ['scaled by a product', scaled((g, scores) => g.node('Mul', [g.float(0.1), scores]))],
    [
      'scaled by another for each head',
      scaled((g, scores) => {
        const scales = Float32Array.of(0.1, 0.2, 0.1, 0.3, 0.1, 0.2);
        return g.node('Mul', [scores, g.constant('scales', 'float32', [HEADS, 1, 1], scales)]);
      }),
    ],
    ['scaled upside down', scaled((g, scores) => g.node('Div', [g.float(8), scores]))],
    [
      'with an axis in front',
      layer({
        scores: (g, queries, keys) =>
          narrow(g, g.node('MatMul', [wide(g, queries), wide(g, turned(g, keys))])),
        sums: (g, weights, values) =>
          narrow(g, g.node('MatMul', [wide(g, weights), wide(g, values)])),
      }),
    ],
    [
      'shared by heads',
      layer(
        repeated(2, (g) => g.ints(0, HEADS, -1, SIZE)),
        2,
      ),
    ],
    [
      'shared by heads that are counted',
      layer(repeated(2, counted(undefined, HEADS, undefined, SIZE)), 2),
    ],
    [
      'all constants in nodes',
      layer(
        {
          ...through((g, all) => {
            const ints = (...values: number[]) => constant(g, 'int64', ...values);
            const more = g.node('Expand', [
              g.node('Unsqueeze', [all, ints(2)]),
              ints(1, 1, 3, 1, 1),
            ]);
            return g.node('Reshape', [more, ints(0, HEADS, -1, SIZE)]);
          }),
          scaled: (g, scores) => g.node('Div', [scores, constant(g, 'float32', 8)]),
        },
        2,
      ),
    ],
  ])('%s', async (_, path) => {
    expect(editGraph(path).report.attention).toBe(APART);
    await agrees(path);
  });

  it('and knows how many they are', async () => {
    const path = layer({
      scores: (g, queries, keys) => {
        const length = g.node('Gather', [g.node('Shape', [keys]), g.ints(2)]);
        const scale = g.node('Cast', [length], { to: TYPES.float32 });
        return g.node('Div', [usual.scores(g, queries, keys), scale]);
      },
    });
    expect(editGraph(path).report.attention).toBe(APART);
    const plain = await Runner.plain(path);
    const edited = await Runner.edited(path, { padding: 'none' });
    const [a, b] = [plain.text(), edited.text()];
    for (const piece of [[1, 2, 3], [4], [5, 6], [7]]) {
      const [[expected], [got]] = [await plain.run([a], [piece]), await edited.run([b], [piece])];
      expect(apart(got!, expected!)).toBeLessThan(SAME);
    }
  });

  const model = (shape: DecoderShape) => join(decoder(shape).folder, 'onnx/model.onnx');
  it.each<[string, DecoderShape]>([
    ['GPT-2', wideGpt2],
    ['Llama', wideLlama],
  ])('and copies none of them: %s', async (_, shape) => {
    const { model: bytes, folder } = editGraph(model(shape));
    expect(await largest(model(shape), {})).toContain('Concat');
    const extra = { session: { model_external_initializers_file_folder_path: folder } };
    expect(await largest(bytes!, { extra })).toEqual([]);
  });
});

/** Operators that give out as much as one layer's keys and are no views, behind a long past. */
async function largest(model: string | Uint8Array, options: object): Promise<string[]> {
  const profileFilePrefix = join(temporary(), 'profile');
  const session = await InferenceSession.create(model as string, {
    ...{ ...options, enableProfiling: true, profileFilePrefix, logSeverityLevel: 4 },
  });
  const length = 300;
  const feeds: Record<string, Tensor> = {};
  let past = 0;
  for (const { name, ...input } of session.inputMetadata) {
    const ints = (count: number, value: number) =>
      new Tensor('int64', new BigInt64Array(count).fill(BigInt(value)), [1, count]);
    if (name === 'attention_mask') feeds[name] = ints(length + 1, 1);
    else if (!name.startsWith('past')) feeds[name] = ints(1, name === 'position_ids' ? length : 0);
    else {
      const shape = 'shape' in input ? input.shape.map(Number) : [];
      past = shape[1]! * length * shape[3]!;
      feeds[name] = new Tensor('float32', new Float32Array(past), [
        1,
        shape[1]!,
        length,
        shape[3]!,
      ]);
    }
  }
  await session.run(feeds);
  session.endProfiling();
  const [file = ''] = readdirSync(dirname(profileFilePrefix));
  const events: Event[] = JSON.parse(readFileSync(join(dirname(profileFilePrefix), file), 'utf8'));
  const sizes = ({ args }: Event) =>
    (args?.output_type_shape ?? []).flatMap((output) => Object.values(output));
  return events
    .filter((event) => sizes(event).some((dims) => dims.reduce((a, b) => a * b, 1) >= past))
    .map(({ args }) => args!.op_name)
    .filter((op) => op !== 'Unsqueeze');
}

interface Event {
  readonly args?: {
    readonly op_name: string;
    readonly output_type_shape?: readonly Record<string, readonly number[]>[];
  };
}

describe('attention is left', () => {
  const model = (change: Partial<DecoderShape>) =>
    join(decoder({ ...wideGpt2, ...change }).folder, 'onnx/model.onnx');
  const also = (more: (g: Graph, keys: string) => string) =>
    layer({ also: (g, keys) => g.output(more(g, keys), 'other', 'float32', ['any']) });
  it.each<[string, string]>([
    ['its cache is', model({ positions: false })],
    ['its products round what they are given', model({ body: 'q4' })],
    ['its products round what they are given', model({ head: 'q8' })],
    [
      'com.microsoft:GroupQueryAttention reads past_key_values.0.key itself',
      model({ attention: 'gqa' }),
    ],
    ['rows of past_key_values.0.key are short', layer({}, 1)],
    ['past_key_values.0.key is not float32', layer({ type: 'float16' })],
    ['present.0.key is used beside the attention', also((g, keys) => g.node('Neg', [keys]))],
    [
      'present.0.key is used beside the attention',
      also((g, keys) =>
        g.node('Cast', [g.node('Shape', [keys], { start: 2 })], { to: TYPES.float32 }),
      ),
    ],
    [
      'past_key_values.0.key goes through Mul',
      layer(through((g, all) => g.node('Mul', [all, g.float(0.5)]))),
    ],
    [
      'past_key_values.0.key goes through MatMul',
      layer({
        scores: (g, queries, keys) => turned(g, g.node('MatMul', [keys, turned(g, queries)])),
      }),
    ],
    [
      'past_key_values.0.key goes through Transpose',
      layer(
        through((g, all) => {
          const there = g.node('Transpose', [all], { perm: [0, 2, 1, 3] });
          return g.node('Transpose', [there], { perm: [0, 2, 1, 3] });
        }),
      ),
    ],
    // Heads are shared in another order.
    [
      'past_key_values.0.key goes through Expand',
      layer(
        repeated(1, (g) => g.ints(0, HEADS, -1, SIZE)),
        2,
      ),
    ],
    [
      'past_key_values.0.key goes through Expand',
      layer(
        repeated(2, (g) => g.node('Identity', [g.ints(0, HEADS, -1, SIZE)])),
        2,
      ),
    ],
  ])('when %s', async (why, path) => {
    expect(editGraph(path).report.attention).toBe(`left: ${why}`);
  });
});
