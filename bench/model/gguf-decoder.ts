import { widenedTokenizer } from '../../test/model/decoders/folder.ts';
import type { DecoderShape } from '../../test/model/decoders/shape.ts';
import {
  biasNumbers,
  embeddingNumbers,
  gainNumbers,
  linearNumbers,
  placeNumbers,
  transposed,
} from '../../test/model/decoders/weights.ts';
import { type GgufTensor, writeGgufFile } from './gguf.ts';

const NORMAL = 1;
const CONTROL = 3;

/** The decoder with the weights its ONNX exports have, for llama.cpp. */
export function writeGguf(shape: DecoderShape, path: string): void {
  if (shape.family !== 'gpt2') throw new Error(`${shape.family}: only GPT-2 is written as GGUF`);
  const uint32 = (value: number) => ({ type: 'uint32', value }) as const;
  const { vocab, merges } = widenedTokenizer(shape.vocabulary).model;
  const tokens: string[] = [];
  for (const [token, id] of Object.entries(vocab)) tokens[id] = token;
  const facts = {
    'general.architecture': 'gpt2',
    'general.name': 'random',
    'general.file_type': uint32(0),
    'gpt2.context_length': uint32(shape.context),
    'gpt2.embedding_length': uint32(shape.width),
    'gpt2.block_count': uint32(shape.layers),
    'gpt2.feed_forward_length': uint32(shape.inner),
    'gpt2.attention.head_count': uint32(shape.heads),
    'gpt2.attention.layer_norm_epsilon': { type: 'float32', value: 1e-5 },
    'tokenizer.ggml.model': 'gpt2',
    'tokenizer.ggml.pre': 'gpt-2',
    'tokenizer.ggml.tokens': tokens,
    'tokenizer.ggml.token_type': {
      type: 'int32',
      value: tokens.map((_, id) => (id === 0 ? CONTROL : NORMAL)),
    },
    'tokenizer.ggml.merges': merges,
    'tokenizer.ggml.bos_token_id': uint32(0),
    'tokenizer.ggml.eos_token_id': uint32(0),
  } as const;
  writeGgufFile(path, facts, tensors(shape));
}

function tensors(shape: DecoderShape): GgufTensor[] {
  const { width, inner, vocabulary, context, layers } = shape;
  const vector = (name: string, length: number, data: () => Float32Array): GgufTensor => ({
    name,
    dims: [length],
    data,
  });
  const norm = (name: string, from: string) => [
    vector(`${name}.weight`, width, () => gainNumbers(from, width)),
    vector(`${name}.bias`, width, () => biasNumbers(from, width)),
  ];
  const linear = (name: string, from: string, inputs: number, outputs: number) => {
    const numbers = linearNumbers(from, inputs, outputs);
    const data = () => transposed(numbers(), inputs, outputs);
    return [
      { name: `${name}.weight`, dims: [inputs, outputs], data },
      vector(`${name}.bias`, outputs, () => biasNumbers(from, outputs)),
    ];
  };
  // Without a matrix of its own for the head, llama.cpp reads the embedding: they are equal.
  return [
    { name: 'token_embd.weight', dims: [width, vocabulary], data: embeddingNumbers(shape) },
    { name: 'position_embd.weight', dims: [width, context], data: placeNumbers(shape) },
    ...Array.from({ length: layers }, (_, i) => [
      ...norm(`blk.${i}.attn_norm`, `layers.${i}.attention_norm`),
      ...linear(`blk.${i}.attn_qkv`, `layers.${i}.qkv`, width, 3 * width),
      ...linear(`blk.${i}.attn_output`, `layers.${i}.out`, width, width),
      ...norm(`blk.${i}.ffn_norm`, `layers.${i}.inner_norm`),
      ...linear(`blk.${i}.ffn_up`, `layers.${i}.up`, width, inner),
      ...linear(`blk.${i}.ffn_down`, `layers.${i}.down`, inner, width),
    ]).flat(),
    ...norm('output_norm', 'final_norm'),
  ];
}
