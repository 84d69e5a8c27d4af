import type { GenerationConfig, ModelConfig } from '../../model/config.ts';

/** A model of transformers.js that can generate, of whatever version. */
export interface TransformersModel<Output = unknown> {
  generate(...request: never[]): Promise<Output>;
}

/** What is read of one beside that; of a loaded model all of it is there. */
export interface Inner {
  readonly config?: ModelConfig & { readonly _name_or_path?: unknown };
  readonly generation_config?: GenerationConfig | null;
  /** Since 3.0. */
  readonly sessions?: object;
  /** Up to 2.17. */
  readonly session?: object;
}

/** A tensor of either package. */
export interface Tensor {
  readonly data: ArrayLike<number | bigint>;
  readonly dims: readonly number[];
}

/** A row of a tensor of rows. */
export function rowOf({ data, dims }: Tensor, row: number): readonly (number | bigint)[] {
  const size = dims.at(-1)!;
  return Array.from(data).slice(row * size, (row + 1) * size);
}
