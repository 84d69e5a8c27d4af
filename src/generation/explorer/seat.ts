import { type Sample, Sampler, type SamplingOptions } from '../../sampling/index.ts';
import type { Known } from './known.ts';
import { type Node, pathFrom, sharedBy } from './tree.ts';

/**
 * A sampler that can be sat at any node: it then knows the text that leads there. Where it is sat
 * depends on nothing but its settings and that text.
 */
export class Seat {
  /** The number of its settings. */
  readonly settings: number;
  readonly #sampler: Sampler;
  readonly #known: Known;
  #node: Node;
  /** One use at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(settings: number, options: SamplingOptions, vocabularySize: number, known: Known) {
    this.settings = settings;
    this.#sampler = new Sampler(options, vocabularySize);
    this.#sampler.reset(known.prompt);
    this.#known = known;
    this.#node = known.tree.root;
  }

  /** Whether it must see the logits in front of each token, not only the token. */
  get #learns(): boolean {
    return this.#sampler.options.mirostat !== undefined;
  }

  /** Does something with the sampler as it would be had it written all up to a node. */
  use<T>(node: Node, work: (sampler: Sampler) => T): Promise<T> {
    const turn = this.#turn.then(async () => {
      for (const next of this.#wayTo(node))
        this.#step(next, this.#learns ? await this.#known.row(next.parent!) : undefined);
      return work(this.#sampler);
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /**
   * The same at once, for a seat that `use` is not called on; undefined where the model would have to
   * run first.
   */
  at(node: Node): Sampler | undefined {
    for (const next of this.#wayTo(node)) {
      const row = this.#learns ? this.#known.rows.peek(next.parent!) : undefined;
      if (this.#learns && !row) return undefined;
      this.#step(next, row);
    }
    return this.#sampler;
  }

  /**
   * Draws what comes after a node.
   *
   * @param isWanted asked when it could: where it says no, nothing is drawn
   * @throws what `isWanted` throws
   */
  draw(
    node: Node,
    row: Float32Array,
    isWanted: (sampler: Sampler) => boolean,
  ): Promise<readonly [Sample, Node] | undefined> {
    return this.use(node, (sampler) => {
      if (!isWanted(sampler)) return undefined;
      const sample = sampler.sample(row);
      this.#node = this.#known.tree.child(node, sample.token);
      return [sample, this.#node];
    });
  }

  /** Goes back as far as it must. @returns the nodes still ahead */
  #wayTo(node: Node): Node[] {
    const shared = sharedBy(this.#node, node);
    // To rewind is to replay everything.
    if (shared !== this.#node) this.#sampler.rewind(shared.depth);
    this.#node = shared;
    return pathFrom(shared, node);
  }

  #step(next: Node, row: Float32Array | undefined): void {
    const { token, parent } = next;
    // Mirostat learns from what it draws, and only by drawing it.
    if (row && this.#sampler.sampleToken(row, { step: parent!.depth }) === token)
      this.#sampler.sampleToken(row);
    else this.#sampler.accept(token);
    this.#node = next;
  }
}
