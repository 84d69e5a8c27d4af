import type { Sequence } from '../../model/sequence.ts';
import { type Node, pathFrom, sharedBy } from './tree.ts';

/** Each may take much memory. */
const MOST = 3;

interface Tip {
  readonly sequence: Sequence;
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
  constructor(sequence: Sequence, root: Node) {
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
    const best = this.#tips.toSorted(
      (a, b) => sharedBy(b.node, node).depth - sharedBy(a.node, node).depth,
    )[0]!;
    const shared = sharedBy(best.node, node);
    // The node itself must be read to know what follows it.
    const start = shared === node ? (node.parent ?? node) : shared;
    const isOnTheWay = start === best.node;
    const tip = isOnTheWay ? best : { sequence: best.sequence.fork(), node: best.node };
    if (!isOnTheWay) {
      tip.sequence.truncate(this.#prompt + start.depth);
      tip.node = start;
    }
    this.#tips.splice(0, this.#tips.length, ...this.#tips.filter((other) => other !== tip), tip);
    if (this.#tips.length > MOST) this.#tips.shift()!.sequence.release();
    return tip;
  }
}
