import type { ModelInfo } from '../../model/info.ts';
import type { PromptProgress } from '../../model/sequence.ts';
import type { TextModel, TextSequence } from '../../model/text-model.ts';
import { KelvinError } from '../../sampling/error.ts';
import { Rows } from './rows.ts';
import { Tips } from './tips.ts';
import { type Node, Tree } from './tree.ts';

/** What is known of the texts after a prompt: the model is asked for the rest, once. */
export class Known {
  readonly prompt: readonly number[];
  readonly tree = new Tree();
  readonly rows = new Rows();
  readonly #tips: Tips;
  readonly #model: ModelInfo;
  #isReleased = false;
  /** The model does one thing at a time. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    model: ModelInfo,
    prompt: readonly number[],
    sequence: TextSequence,
    row: Float32Array,
  ) {
    this.prompt = prompt;
    this.#model = model;
    this.#tips = new Tips(sequence, this.tree.root);
    this.rows.set(this.tree.root, row);
  }

  /** @throws the signal's reason, between two chunks of the prompt */
  static async read(
    model: TextModel,
    prompt: readonly number[],
    signal: AbortSignal,
    progress: PromptProgress,
  ): Promise<Known> {
    const sequence = model.lonelySequence();
    try {
      const row = await sequence.decode(prompt, signal, progress);
      return new Known(model.info, prompt, sequence, row);
    } catch (cause) {
      sequence.release();
      throw cause;
    }
  }

  /** Whether there is no room in the model's context for a node, so that nothing may follow it. */
  isBeyond(node: Node): boolean {
    return this.prompt.length + node.depth > (this.#model.contextLength ?? Infinity);
  }

  /**
   * The logits that follow a node.
   *
   * @throws KelvinError `CONTEXT_LENGTH` for a node that has none; where the model fails
   */
  async row(node: Node): Promise<Float32Array> {
    const known = this.rows.get(node);
    if (known) return known;
    if (this.isBeyond(node))
      throw new KelvinError(
        'CONTEXT_LENGTH',
        `node: must be at most ${this.#model.contextLength} tokens from the prompt's first, the context of ${this.#model.name}, received one at ${this.prompt.length + node.depth}`,
      );
    const turn = this.#turn.then(() => this.rows.get(node) ?? this.#read(node));
    this.#turn = turn.catch(() => {});
    return turn;
  }

  /** Frees the model, as soon as it is not running. */
  async release(): Promise<void> {
    this.#isReleased = true;
    await this.#turn;
    this.#tips.release();
  }

  async #read(node: Node): Promise<Float32Array> {
    let last: Float32Array | undefined;
    for await (const [read, row] of this.#tips.readTo(node)) {
      if (this.#isReleased) break;
      this.rows.set(read, row);
      last = row;
    }
    if (!last || this.#isReleased) throw new KelvinError('DISPOSED', 'the exploration was closed');
    return last;
  }
}
