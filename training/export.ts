/**
 * Checkpoint of train.c -> a model folder in the Hugging Face layout, with onnx/model.onnx.
 *
 *   tsx training/export.ts <model.ckpt> <model folder> [average]
 *
 * `average` takes the running average of the weights: for a run that is not at its end.
 * tokenizer.json comes from prepare.ts and is left as it is.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { END_OF_TEXT } from './bpe.ts';
import { type Llama, llamaGraph } from './llama.ts';

const HEADER = 64;

function readCheckpoint(path: string, average: boolean): Llama {
  const file = readFileSync(path);
  const int = (i: number) => file.readInt32LE(4 * i);
  const count = (file.length - HEADER) / 16; // float32: weights, average, two moments
  const start = HEADER + (average ? 4 * count : 0);
  const bytes = Uint8Array.from(file.subarray(start, start + 4 * count));
  return {
    vocabulary: int(1),
    width: int(2),
    layers: int(3),
    heads: int(4),
    kvHeads: int(5),
    inner: int(6),
    context: int(7),
    parameters: new Float32Array(bytes.buffer),
  };
}

const [checkpoint = '/tmp/train/model.ckpt', folder = 'models/kelvin-story', which] =
  process.argv.slice(2);
const model = readCheckpoint(checkpoint, which === 'average');
mkdirSync(join(folder, 'onnx'), { recursive: true });
writeFileSync(join(folder, 'onnx/model.onnx'), llamaGraph(model, 'int8').encode().model);

const json = (name: string, value: object) =>
  writeFileSync(join(folder, name), `${JSON.stringify(value, null, 2)}\n`);
const ends = { bos_token_id: 0, eos_token_id: 0, pad_token_id: 0 };
json('config.json', {
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  vocab_size: model.vocabulary,
  hidden_size: model.width,
  intermediate_size: model.inner,
  num_hidden_layers: model.layers,
  num_attention_heads: model.heads,
  num_key_value_heads: model.kvHeads,
  head_dim: model.width / model.heads,
  hidden_act: 'silu',
  max_position_embeddings: model.context,
  rms_norm_eps: 1e-5,
  rope_theta: 10000,
  rope_scaling: null,
  attention_bias: false,
  mlp_bias: false,
  tie_word_embeddings: true,
  use_cache: true,
  ...ends,
  torch_dtype: 'float32',
});
json('generation_config.json', {
  ...ends,
  do_sample: true,
  temperature: 0.7,
  max_new_tokens: 256,
});
const special = Object.fromEntries(
  ['bos_token', 'eos_token', 'unk_token', 'pad_token'].map((name) => [name, END_OF_TEXT]),
);
json('special_tokens_map.json', special);
json('tokenizer_config.json', {
  add_bos_token: false,
  add_prefix_space: false,
  ...special,
  clean_up_tokenization_spaces: false,
  model_max_length: model.context,
  tokenizer_class: 'GPT2Tokenizer',
});
console.log(`${model.parameters.length} parameters`);
