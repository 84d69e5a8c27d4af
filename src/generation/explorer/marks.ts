import type { Known } from './known.ts';
import type { Seat } from './seat.ts';
import { type Node, pathFrom } from './tree.ts';

/** What is known of a token under settings it was not written under. */
const IMPOSSIBLE = 0;
const POSSIBLE = 1;
/** Its logits are no longer there. */
const UNKNOWN = 255;

const SLICE_MS = 8;

/**
 * For each token up to a node, whether the seat's settings would ever draw it there: from the logits
 * that are still there, without running the model.
 *
 * @param isWanted asked now and then; where it says no, the rest is unknown
 */
export async function mark(
  seat: Seat,
  { tree, rows }: Known,
  node: Node,
  isWanted: () => boolean,
): Promise<Uint8Array> {
  const path = pathFrom(tree.root, node);
  const marks = new Uint8Array(path.length).fill(UNKNOWN);
  let pause = performance.now() + SLICE_MS;
  for (const [place, { token, parent }] of path.entries()) {
    const row = rows.peek(parent!);
    const sampler = row && seat.at(parent!);
    if (row && sampler)
      marks[place] = sampler.candidate(row, token).shaped > 0 ? POSSIBLE : IMPOSSIBLE;
    if (performance.now() < pause) continue;
    // What is looked at must not wait for what is marked.
    await new Promise((resolve) => setImmediate(resolve));
    if (!isWanted()) break;
    pause = performance.now() + SLICE_MS;
  }
  return marks;
}
