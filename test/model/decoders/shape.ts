/** One architecture, and how exporters have been seen to write it down. */
export interface DecoderShape {
  /** GPT-2: learned positions, LayerNorm, GELU. Llama: rotary positions, RMSNorm, SwiGLU. */
  readonly family: 'gpt2' | 'llama';
  readonly layers: number;
  readonly width: number;
  readonly heads: number;
  /** Fewer than `heads` where several share their keys and values. */
  readonly kvHeads: number;
  /** Width of the feed-forward layer. */
  readonly inner: number;
  readonly vocabulary: number;
  readonly context: number;

  /**
   * Plain operators; or one of onnxruntime's own, for which keys and values may (`gqa`) or may not
   * (`mha`) be shared by several heads. `packed` is `gqa` given queries, keys and values in one.
   */
  readonly attention: 'concat' | 'gqa' | 'packed' | 'mha';
  /** How many tokens each may look back at, itself included; all where absent. */
  readonly window?: number;
  /** Whether norms and the sums in front of them are single operators of onnxruntime's. */
  readonly norm: 'plain' | 'fused';
  /** How the matrices are stored. `q8` rounds activations over all rows, so that rows interact. */
  readonly body: Weights;
  /** `gemm` and `transpose` read the embedding; the others a matrix of their own, equal to it. */
  readonly head: 'gemm' | 'transpose' | Weights;
  /** Logits are bent into (-softcap, softcap). */
  readonly softcap?: number;
  readonly logits: 'float32' | 'float16';
  readonly cache: 'float32' | 'float16';

  /** Which of the inputs other than tokens and cache there are. */
  readonly mask: boolean;
  readonly positions: boolean;
  readonly keep: boolean;
  /** Two branches, one without a past, and `use_cache_branch` to choose. */
  readonly merged: boolean;

  /** Whether weights are in a file of their own. */
  readonly external: boolean;
  /** Whether the file says what values inside the graph look like. */
  readonly described: boolean;
}

/** Matrices in two types of float, in four bits and in eight. */
export type Weights = 'float32' | 'float16' | 'q4' | 'q8';

const plain = {
  attention: 'concat',
  norm: 'plain',
  body: 'float32',
  head: 'float32',
  logits: 'float32',
  cache: 'float32',
  mask: true,
  positions: true,
  keep: false,
  merged: false,
  external: false,
  described: false,
} as const;

const small = { layers: 2, width: 64, heads: 4, vocabulary: 2048, context: 640 } as const;

/** Small enough to make and run in a moment. */
export const tinyGpt2: DecoderShape = {
  ...plain,
  ...small,
  family: 'gpt2',
  kvHeads: 4,
  inner: 256,
};
export const tinyLlama: DecoderShape = {
  ...plain,
  ...small,
  family: 'llama',
  kvHeads: 2,
  inner: 128,
};

/** So wide that attention in plain operators is worth an edit. */
export const wideGpt2: DecoderShape = { ...tinyGpt2, width: 128 };
export const wideLlama: DecoderShape = { ...tinyLlama, width: 384, heads: 6 };
