import { TextMetrics, type TextReadout } from '../../evaluation/index.ts';
import type { Written } from '../../generation/explorer/view.ts';

/** As the study of diversity in a running text has it: long enough for 4-grams to repeat. */
const WINDOW = 256;
/** ln of the smallest number a double holds: what was impossible, and was chosen all the same. */
const LEAST = -745;

/** The metrics of a text that is written, walked back along and branched. */
export class Metrics {
  readonly #metrics = new TextMetrics({ window: WINDOW });
  readonly #nodes: number[] = [];
  #read: TextReadout | undefined;

  /** Goes to a place of a text; as many steps as it is away from the last one. */
  follow(written: readonly Written[], place: number): void {
    const nodes = this.#nodes;
    // Nodes are of a tree: where one is the same, so is all before it.
    while (
      nodes.length > place ||
      (nodes.length > 0 && nodes.at(-1) !== written[nodes.length - 1]!.node)
    ) {
      nodes.pop();
      this.#metrics.pop();
      this.#read = undefined;
    }
    for (const { node, token, logprob, rawEntropy } of written.slice(nodes.length, place)) {
      nodes.push(node);
      this.#metrics.push({ token, logprob: Math.max(LEAST, logprob), entropy: rawEntropy });
      this.#read = undefined;
    }
  }

  read(): TextReadout {
    this.#read ??= this.#metrics.read();
    return this.#read;
  }
}
