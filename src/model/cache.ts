import type { Tensor } from 'onnxruntime-node';

/** What a run of a graph gives, by name. */
export type Outputs = Readonly<Record<string, Tensor>>;

/** Keys and values that a graph remembers of one or several texts of unlike lengths. */
export interface Cache {
  /** How many tokens of a text are remembered. */
  length(lane: number): number;
  /** The inputs with what is remembered, for a run that adds `count` tokens to each text. */
  past(count: number): Record<string, Tensor>;
  /** For the same run, 1 for each token in `past` or new, 0 for what is none: [lanes, width]. */
  mask(count: number): { readonly data: BigInt64Array; readonly width: number };
  /** Takes in what that run gave. */
  keep(outputs: Outputs, count: number): void;
  /** Forgets all but the first tokens of a text. */
  truncate(lane: number, length: number): void;
  /** What is remembered of one text, on its own. */
  copy(lane: number): Cache;
}
