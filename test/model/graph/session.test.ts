import { describe, expect, it } from 'vitest';
import { LocalModel } from '../../../src/model/local-model.ts';
import { Graph } from '../../../training/onnx.ts';
import { encodeMessage } from '../../../training/onnx-proto.ts';
import { tinyGraph, tinyModel } from '../tiny.ts';

const WIDTH = 8;
const VOCABULARY = 2048;

/** Attention whose edit cuts by a form of Slice that its old version of the operators lacks. */
function oldGraph(): Uint8Array {
  const g = new Graph('old');
  const numbers = Float32Array.from({ length: VOCABULARY * WIDTH }, (_, i) => Math.sin(i * 1.3));
  const ids = g.input('input_ids', 'int64', ['batch', 'sequence']);
  const table = g.constant('table', 'float32', [VOCABULARY, WIDTH], numbers);
  const places = g.node('Cast', [g.input('position_ids', 'int64', ['batch', 'sequence'])], {
    to: 1,
  });
  const x = g.node('Add', [
    g.node('Gather', [table, ids]),
    g.node('Unsqueeze', [places], { axes: [2] }),
  ]);
  const mask = g.node('Cast', [g.input('attention_mask', 'int64', ['batch', 'total'])], { to: 6 });
  const dims = (length: string) => ['batch', 1, length, WIDTH];
  const names = ['0.key', '0.value'];
  const pasts = names.map((name) => g.input(`past_key_values.${name}`, 'float32', dims('past')));
  const presents = names.map((name) => `present.${name}`);
  const attention = 'com.microsoft:MultiHeadAttention';
  g.nodes(attention, [x, x, x, '', mask, '', ...pasts], ['seen', ...presents], { num_heads: 1 });
  for (const name of presents) g.output(name, name, 'float32', dims('total'));
  const head = g.node('Transpose', [table], { perm: [1, 0] });
  const rows = ['batch', 'sequence', VOCABULARY];
  g.output(g.node('MatMul', ['seen', head]), 'logits', 'float32', rows);
  const opset = { opset_import: [{ domain: '', version: 9 }] };
  return Buffer.concat([g.encode().model, encodeMessage('Model', opset)]);
}

describe('a session has its graph', () => {
  it('edited, and says so', async () => {
    const model = await LocalModel.open(tinyModel(tinyGraph()));
    expect(model.info.graph).toEqual({
      head: 'only the tokens asked for',
      cache: 'left: the past must have no room to spare',
      attention: 'left: its cache is',
      weights: 'mapped from the file',
      padding: 'none',
      rows: 'apart: texts may share a run, and what is known of a text may be used again',
    });
    expect(model.info.outputs.map(({ name }) => name)).toEqual(['present.0.key', 'logits']);
    await model.dispose();
  });

  it('as it is where onnxruntime does not take it edited', async () => {
    const model = await LocalModel.open(tinyModel(oldGraph()));
    expect(model.info.graph.head).toMatch('left: onnxruntime refuses the edited graph: ');
    const sequence = model.sequence();
    await sequence.decode([5, 6]);
    expect(await sequence.decode([7])).toHaveLength(VOCABULARY);
    await model.dispose();
  });
});
