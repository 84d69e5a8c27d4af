import { guess } from './guess.ts';
import { idOf, sortDescending, writeKeys } from './keys.ts';
import type { Limit } from './limit.ts';
import { surprise } from './reach.ts';
import { LOWEST, type Row } from './row.ts';
import type { Weighed } from './weighed.ts';
import type { Workspace } from './workspace.ts';

/**
 * The id of the last token that a limit keeps, where too many stay to list them in order;
 * undefined if all stay. Exact, without sorting the vocabulary: a bracket of scores around the
 * edge, a histogram of what lies in it, a sort of one bin.
 */
export function crossing(
  many: Weighed,
  workspace: Workspace,
  limit: Extract<Limit, { kind: 'mass' | 'entropy' }>,
): number | undefined {
  const { row, total, temperature } = many;
  const { kernel, results, weights } = workspace;
  const between = (low: number, high: number) => {
    const { at, maximaAt, length, block } = row;
    const { weights, ids } = kernel.layout;
    return kernel.passes.between(at, maximaAt, weights, ids, length, block, low, high);
  };
  const everything = () => between(LOWEST, Infinity);
  if (limit.kind === 'entropy') {
    const { values, max } = row;
    const measure = (id: number) =>
      surprise(weights[id], temperature < Infinity ? (values[id] - max) / temperature : 0, total);
    const { last, crosser } = edge(workspace, row, everything(), measure, limit.entropy);
    return crosser === undefined ? undefined : last;
  }
  const weight = (id: number) => weights[id];
  const target = limit.mass * total;
  const found = between(...guess(many, weights, total - target));
  const above = results[0];
  const { crosser } = above < target ? edge(workspace, row, found, weight, target - above) : {};
  // Where the guess was wrong the edge lies outside the bracket.
  return crosser ?? edge(workspace, row, everything(), weight, target).crosser;
}

const BINS = 1024;
const measures = new Float64Array(BINS);

/**
 * Takes the gathered tokens largest first until their measures reach a sum.
 *
 * @returns the last token before the sum is reached and the one that reaches it
 */
function edge(
  { ids, keys }: Workspace,
  { values, bits }: Row,
  found: number,
  measure: (id: number) => number,
  sum: number,
): { last?: number; crosser?: number } {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < found; i++) {
    const score = values[ids[i]];
    if (score < lowest) lowest = score;
    if (score > highest) highest = score;
  }
  const quotient = (BINS - 1) / (highest - lowest);
  const scale = quotient < Infinity ? quotient : 0;
  const binOf = (id: number) => Math.floor((highest - values[id]) * scale);
  measures.fill(0);
  for (let i = 0; i < found; i++) measures[binOf(ids[i])] += measure(ids[i]);
  let seen = 0;
  let bin = 0;
  while (bin < BINS && seen + measures[bin] < sum) seen += measures[bin++];

  // The tokens of that bin go to the front; of those above it only the last in order matters.
  let n = 0;
  let lowestAbove = -1;
  for (let i = 0; i < found; i++) {
    const id = ids[i];
    const at = binOf(id);
    if (at === bin) ids[n++] = id;
    else if (at < bin && (lowestAbove < 0 || values[id] <= values[lowestAbove])) lowestAbove = id;
  }
  let last = lowestAbove < 0 ? undefined : lowestAbove;
  writeKeys(keys, bits, ids, n);
  sortDescending(keys, 0, n - 1);
  for (let i = 0; i < n; i++) {
    const id = idOf(keys[i]);
    seen += measure(id);
    // The bin's own sum was made in another order: its last token must not be missed by a hair.
    if (seen >= sum || i === n - 1) return { last, crosser: id };
    last = id;
  }
  return { last };
}
