import { guess } from './guess.ts';
import { idOf, sortDescending, writeKeys } from './keys.ts';
import type { Limit } from './limit.ts';
import { surprise } from './reach.ts';
import { LOWEST, type Row } from './row.ts';
import type { Weighed } from './weighed.ts';
import type { Workspace } from './workspace.ts';

/** What {@link crossing} gives where every token stays. */
export const NOBODY = -1;

/**
 * The id of the last token that a limit keeps, where too many stay to list them in order. Exact,
 * without sorting the vocabulary: a bracket of scores around the edge, a histogram of what lies in
 * it, a sort of one bin.
 */
export function crossing(
  many: Weighed,
  workspace: Workspace,
  limit: Extract<Limit, { kind: 'mass' | 'entropy' }>,
): number {
  const { row, total, temperature } = many;
  const { results, weights } = workspace;
  if (limit.kind === 'entropy') {
    const { values, max } = row;
    const measure = (id: number) =>
      surprise(weights[id], temperature < Infinity ? (values[id] - max) / temperature : 0, total);
    const found = row.between(LOWEST, Infinity);
    return edge(workspace, row, found, measure, limit.entropy, false);
  }
  const weight = (id: number) => weights[id];
  const target = limit.mass * total;
  const { low, high } = guess(many, weights, total - target);
  const found = row.between(low, high);
  const above = results[0];
  if (above < target) {
    const crosser = edge(workspace, row, found, weight, target - above, true);
    if (crosser !== NOBODY) return crosser;
  }
  // The guess was wrong: the edge lies outside the bracket.
  return edge(workspace, row, row.between(LOWEST, Infinity), weight, target, true);
}

const BINS = 1024;
const measures = new Float64Array(BINS);

/**
 * Takes the gathered tokens largest first until their measures reach a sum.
 *
 * @param inclusive whether the token that reaches it is kept
 * @returns the last that is kept
 */
function edge(
  { ids, keys }: Workspace,
  { values, bits }: Row,
  found: number,
  measure: (id: number) => number,
  sum: number,
  inclusive: boolean,
): number {
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < found; i++) {
    const score = values[ids[i]];
    if (score < low) low = score;
    if (score > high) high = score;
  }
  // A variable that changes and is seen by a function is on the heap, each of its values.
  const highest = high;
  const quotient = (BINS - 1) / (high - low);
  const scale = quotient < Infinity ? quotient : 0;
  const binOf = (id: number) => Math.floor((highest - values[id]) * scale);
  measures.fill(0);
  for (let i = 0; i < found; i++) measures[binOf(ids[i])] += measure(ids[i]);
  let seen = 0;
  let bin = 0;
  while (bin < BINS && seen + measures[bin] < sum) seen += measures[bin++];

  // The tokens of that bin go to the front; of those above it only the last in order matters.
  let n = 0;
  let lowestAbove = NOBODY;
  for (let i = 0; i < found; i++) {
    const id = ids[i];
    const at = binOf(id);
    if (at === bin) ids[n++] = id;
    else if (at < bin && (lowestAbove === NOBODY || values[id] <= values[lowestAbove]))
      lowestAbove = id;
  }
  writeKeys(keys, bits, ids, n);
  sortDescending(keys, 0, n - 1);
  let last = lowestAbove;
  for (let i = 0; i < n; i++) {
    const id = idOf(keys[i]);
    seen += measure(id);
    // The bin's own sum was made in another order: its last token must not be missed by a hair.
    if (seen >= sum || i === n - 1) return inclusive ? id : last;
    last = id;
  }
  return NOBODY;
}
