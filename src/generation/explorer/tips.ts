import type { TextSequence } from '../../model/text-model.ts';
import { type Node, pathFrom, sharedBy } from './tree.ts';

/** Each may take much memory. */
const MOST = 3;

interface Tip {
  readonly sequence: TextSequence;
  node: Node;
}

/**
 * What the model knows of the texts that were written last. To go on from one of them costs nothing;
 * to go on from elsewhere, the tokens that no longer are known. They are read one by one, as they
 * were written, so that their logits are the same to the last bit.
 */
export class Tips {
  readonly #prompt: number;
  /** The latest last. */
  readonly #tips: Tip[];

  /** @param sequence one that has read the prompt and nothing else */
  constructor(sequence: TextSequence, root: Node) {
    this.#prompt = sequence.length;
    this.#tips = [{ sequence, node: root }];
  }

  /** Has the model read all up to a node. @returns the logits of each node it read on the way */
  async *readTo(node: Node): AsyncGenerator<readonly [Node, Float32Array], void> {
    const tip = this.#tipFor(node);
    for (const next of pathFrom(tip.node, node)) {
      const row = await tip.sequence.decode([next.token]);
      tip.node = next;
      yield [next, row];
    }
  }

  release(): void {
    for (const { sequence } of this.#tips) sequence.release();
    this.#tips.length = 0;
  }

  /** A tip that is at the node or before it; the others stay where they are, as far as they can. */
  #tipFor(node: Node): Tip {
    const [best] = this.#tips
      .map((tip) => ({ tip, start: startOf(tip, node) }))
      // Of two as near, the one that needs no copy.
      .sort((a, b) => b.start.depth - a.start.depth || isAt(b) - isAt(a));
    const { tip: near, start } = best!;
    const tip = near.node === start ? near : { sequence: near.sequence.fork(), node: start };
    if (tip !== near) tip.sequence.truncate(this.#prompt + start.depth);
    this.#tips.splice(0, this.#tips.length, ...this.#tips.filter((other) => other !== tip), tip);
    if (this.#tips.length > MOST) this.#tips.shift()!.sequence.release();
    return tip;
  }
}

/** The last node a tip and a text share, but not the text's own: that is to be read. */
function startOf(tip: Tip, node: Node): Node {
  const shared = sharedBy(tip.node, node);
  return shared === node ? (node.parent ?? node) : shared;
}

const isAt = ({ tip, start }: { readonly tip: Tip; readonly start: Node }): number =>
  Number(tip.node === start);
