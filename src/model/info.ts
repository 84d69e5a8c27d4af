import type { GenerationConfig } from './config.ts';
import type { GraphReport } from './graph/edit-graph.ts';
import type { Dtype } from './onnx-file.ts';
import type { IdRange } from './unused-ids.ts';

export interface TensorInfo {
  readonly name: string;
  readonly type: string;
  /** Sizes; a name where the size is free. */
  readonly shape: readonly (number | string)[];
}

/** What is known of a loaded model; plain data, so it can cross threads and be printed. */
export interface ModelInfo {
  readonly name: string;
  readonly path: string;
  readonly file: string;
  readonly dtype: Dtype;
  /** Size of the weights on disk, external data included. */
  readonly bytes: number;
  readonly architecture: string | undefined;
  /** How many ids there are, and logits in a row. */
  readonly vocabularySize: number;
  /** Ids that the tokenizer has no token for: no text is written with them. */
  readonly unusedIds: readonly IdRange[];
  /** Tokens the model can attend to; undefined where its config does not say. */
  readonly contextLength: number | undefined;
  readonly layers: number | undefined;
  /** What an empty prompt starts from. */
  readonly beginToken: number | undefined;
  readonly endTokens: readonly number[];
  /** Whether it has a chat template: it can be talked with, and not only go on from a text. */
  readonly chat: boolean;
  /** How the graph is run: what of it was edited as it was loaded, or why not. */
  readonly graph: GraphReport;
  /** Of the graph as it is run. */
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** What the model's own `generation_config.json` asks for. */
  readonly generation: GenerationConfig;
}
