import type { Kernel } from './kernel/kernel.ts';
import { Row } from './row.ts';

/** A kernel's memory as the engine sees it. Nothing in it outlives a step. */
export class Workspace {
  readonly kernel: Kernel;
  /** The logits as the model gave them, and as the edits left them. */
  readonly given: Row;
  readonly edited: Row;
  /** The weights of a pass over a row, and the sums of its blocks. */
  readonly weights: Float32Array;
  readonly sums: Float64Array;
  /** Where passes leave ids and results. */
  readonly ids: Int32Array;
  readonly results: Float64Array;
  #keys = new Float64Array(0);

  constructor(kernel: Kernel) {
    const { buffer, layout } = kernel;
    this.kernel = kernel;
    this.given = new Row(kernel, layout.row, layout.rowMaxima, layout.rowMinima);
    this.edited = new Row(kernel, layout.edited, layout.editedMaxima, layout.editedMinima);
    this.weights = new Float32Array(buffer, layout.weights, layout.capacity);
    this.sums = new Float64Array(buffer, layout.sums, layout.capacity / 16);
    this.ids = new Int32Array(buffer, layout.ids, layout.capacity);
    this.results = new Float64Array(buffer, 0, 2);
  }

  /** Room to order every token. */
  get keys(): Float64Array {
    if (this.#keys.length === 0) this.#keys = new Float64Array(this.kernel.layout.capacity);
    return this.#keys;
  }
}
