import type { Node } from './tree.ts';

/** As much memory as rows may take: 4,096 of a vocabulary of 4,096, 64 of one of 262,144. */
const MOST_BYTES = 64 * 2 ** 20;

/** The logits that follow nodes of a tree: those asked for lately, and the root's. */
export class Rows {
  readonly #rows = new Map<Node, Float32Array>();
  #bytes = 0;

  get(node: Node): Float32Array | undefined {
    const row = this.#rows.get(node);
    if (row) {
      // The latest last.
      this.#rows.delete(node);
      this.#rows.set(node, row);
    }
    return row;
  }

  /** The same, without asking for it: it may be the next to go. */
  peek(node: Node): Float32Array | undefined {
    return this.#rows.get(node);
  }

  set(node: Node, row: Float32Array): void {
    // A part of something larger would keep all of it.
    const own = row.byteLength < row.buffer.byteLength ? row.slice() : row;
    this.#bytes += own.byteLength - (this.#rows.get(node)?.byteLength ?? 0);
    this.#rows.delete(node);
    this.#rows.set(node, own);
    for (const [old, { byteLength }] of this.#rows) {
      if (this.#bytes <= MOST_BYTES) break;
      // The root's cannot be had again without reading the prompt again.
      if (old === node || old.depth === 0) continue;
      this.#rows.delete(old);
      this.#bytes -= byteLength;
    }
  }
}
