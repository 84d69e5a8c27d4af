import type { GenerationConfig } from './config.ts';
import type { GraphReport } from './graph/edit-graph.ts';
import type { SampledBy } from './load-options.ts';
import type { Dtype } from './onnx-file.ts';
import type { EngineKind } from './remote/engine.ts';
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
  /** undefined where an engine runs it. */
  readonly dtype: Dtype | undefined;
  /** Size of the weights on disk, external data included; undefined where an engine has them. */
  readonly bytes: number | undefined;
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
  /**
   * How the graph is run: what of it was edited as it was loaded, or why not; undefined where an
   * engine runs it.
   */
  readonly graph: GraphReport | undefined;
  /** Of the graph as it is run. */
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** What the model's own `generation_config.json` asks for; what is best with an engine. */
  readonly generation: GenerationConfig;
  /** Where it is run by an engine. */
  readonly engine?: EngineInfo;
}

/** What is known of an engine that runs a model. */
export interface EngineInfo {
  readonly kind: EngineKind;
  readonly url: string;
  readonly sampledBy: SampledBy;
  /** Whether steps that are not exact are allowed. */
  readonly approximate: boolean;
  /** How many of the likeliest tokens it is asked for, and the most that it tells of. */
  readonly candidates: number;
  readonly mostCandidates: number;
  /** Whether `vocabularySize` is what it tells; else it is as large as any. */
  readonly isVocabularyTold: boolean;
}
