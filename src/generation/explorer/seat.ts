import { type Sample, Sampler, type SamplingOptions } from '../../sampling/index.ts';
import type { Known } from './known.ts';
import { type Node, pathFrom, sharedBy } from './tree.ts';

/** A sampler that can be sat at any node: it then knows the text that leads there. */
export class Seat {
  readonly #sampler: Sampler;
  readonly #known: Known;
  #node: Node;

  constructor(options: SamplingOptions, vocabularySize: number, known: Known) {
    this.#sampler = new Sampler(options, vocabularySize);
    this.#sampler.reset(known.prompt);
    this.#known = known;
    this.#node = known.tree.root;
  }

  /** The sampler, as it would be had it written all up to a node. */
  at(node: Node): Sampler {
    const shared = sharedBy(this.#node, node);
    // To rewind is to go through the whole text again.
    if (shared !== this.#node) this.#sampler.rewind(shared.depth);
    for (const next of pathFrom(shared, node)) this.#step(next);
    this.#node = node;
    return this.#sampler;
  }

  /** Draws what comes after a node. @returns the sample, and its node */
  draw(node: Node, row: Float32Array): readonly [Sample, Node] {
    const sample = this.at(node).sample(row);
    this.#node = this.#known.tree.child(node, sample.token);
    return [sample, this.#node];
  }

  #step({ token, parent, depth }: Node): void {
    // Mirostat learns from what it draws, and only by drawing it.
    const row = this.#sampler.options.mirostat && this.#known.rows.get(parent!);
    if (row) {
      if (this.#sampler.sampleToken(row) === token) return;
      this.#sampler.rewind(depth - 1);
    }
    this.#sampler.accept(token);
  }
}
