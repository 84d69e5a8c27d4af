import type { LocalModel } from '../../model/local-model.ts';
import type { PromptProgress } from '../../model/sequence.ts';
import { Rows } from './rows.ts';
import { Tips } from './tips.ts';
import { type Node, Tree } from './tree.ts';

/** What is known of the texts after a prompt: the model is asked for the rest, once. */
export class Known {
  readonly prompt: readonly number[];
  readonly tree = new Tree();
  readonly rows = new Rows();
  readonly #tips: Tips;
  /** The model does one thing at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(prompt: readonly number[], tips: (root: Node) => Tips, row: Float32Array) {
    this.prompt = prompt;
    this.#tips = tips(this.tree.root);
    this.rows.set(this.tree.root, row);
  }

  /** @throws the signal's reason, between two chunks of the prompt */
  static async read(
    model: LocalModel,
    prompt: readonly number[],
    signal: AbortSignal,
    progress: PromptProgress,
  ): Promise<Known> {
    const sequence = model.lonelySequence();
    try {
      const row = await sequence.decode(prompt, signal, progress);
      return new Known(prompt, (root) => new Tips(sequence, root), row);
    } catch (cause) {
      sequence.release();
      throw cause;
    }
  }

  /** The logits that follow a node. @throws KelvinError where the model fails */
  async row(node: Node): Promise<Float32Array> {
    const known = this.rows.get(node);
    if (known) return known;
    const turn = this.#turn.then(() => this.rows.get(node) ?? this.#read(node));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** Frees the model, once it has done what it was asked for. */
  async release(): Promise<void> {
    await this.#turn;
    this.#tips.release();
  }

  async #read(node: Node): Promise<Float32Array> {
    for await (const [read, row] of this.#tips.readTo(node)) this.rows.set(read, row);
    return this.rows.get(node)!;
  }
}
