import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { story } from '../folders.ts';
import { decoderGraph } from './graph.ts';
import type { DecoderShape } from './shape.ts';

interface BpeTokenizer {
  readonly model: { readonly vocab: Record<string, number>; readonly merges: readonly string[] };
}

/** Writes a model folder: configuration, the story model's tokenizer, the graph. */
export function writeDecoder(shape: DecoderShape, folder: string): void {
  mkdirSync(join(folder, 'onnx'), { recursive: true });
  cpSync(join(story, 'tokenizer_config.json'), join(folder, 'tokenizer_config.json'));
  const json = (name: string, value: object) =>
    writeFileSync(join(folder, name), JSON.stringify(value));
  json('tokenizer.json', widenedTokenizer(shape.vocabulary));
  json('config.json', config(shape));
  json('generation_config.json', { bos_token_id: 0, eos_token_id: 0 });
  const external = shape.external ? { file: 'model.onnx_data' } : undefined;
  decoderGraph(shape).write(join(folder, 'onnx/model.onnx'), external);
}

/** The story model's tokenizer with so many tokens: those it lacks never come from a text. */
export function widenedTokenizer(vocabulary: number): BpeTokenizer {
  const tokenizer: BpeTokenizer = JSON.parse(readFileSync(join(story, 'tokenizer.json'), 'utf8'));
  const { vocab } = tokenizer.model;
  for (let i = Object.keys(vocab).length; i < vocabulary; i++) vocab[`token${i}`] = i;
  return tokenizer;
}

function config(shape: DecoderShape): object {
  const ends = { bos_token_id: 0, eos_token_id: 0, vocab_size: shape.vocabulary };
  if (shape.family === 'gpt2')
    return {
      model_type: 'gpt2',
      architectures: ['GPT2LMHeadModel'],
      n_layer: shape.layers,
      n_head: shape.heads,
      n_embd: shape.width,
      n_inner: shape.inner,
      n_positions: shape.context,
      ...ends,
    };
  return {
    model_type: 'llama',
    architectures: ['LlamaForCausalLM'],
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    num_key_value_heads: shape.kvHeads,
    hidden_size: shape.width,
    intermediate_size: shape.inner,
    max_position_embeddings: shape.context,
    ...(shape.window === undefined ? {} : { sliding_window: shape.window }),
    ...ends,
  };
}
