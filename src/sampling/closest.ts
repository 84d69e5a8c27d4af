import type { Limit } from './limit.ts';
import { log } from './log.ts';
import { LOWEST } from './row.ts';
import type { Weighed } from './weighed.ts';
import type { Workspace } from './workspace.ts';

const BINS = 1024;
const weightIn = new Float64Array(BINS);
const countIn = new Int32Array(BINS);
/** So many tokens are sorted at once. */
const SHORT = 64;

/** How many tokens are undecided, the first of the list, and what stays in front of them. */
interface Edge {
  undecided: number;
  mass: number;
  kept: number;
}

/** What has to stay: a sum of weights, and a number of tokens. */
interface Wanted {
  readonly mass: number;
  readonly floor: number;
}

/**
 * Sets to 0 the weights of all tokens but those with −ln p closest to a surprisal that together
 * have a mass; among equally close ones the larger score stays first, then the lowest id.
 *
 * At a high temperature nearly all tokens are about as close: they are not sorted, but the edge is
 * looked for in ever narrower bins.
 *
 * @param many a weighed row, largest weight 1
 * @param floor the fewest that stay
 */
export function keepClosest(
  { row, temperature, total }: Weighed,
  workspace: Workspace,
  { surprisal, mass }: Extract<Limit, { kind: 'near' }>,
  floor: number,
): void {
  const { ids, keys, weights } = workspace;
  const { values, max } = row;
  const top = log(total);
  const distance = (id: number) =>
    Math.abs(top - (temperature < Infinity ? (values[id] - max) / temperature : 0) - surprisal);
  const wanted = { mass: mass * total, floor };
  const edge = { undecided: row.between(LOWEST, Infinity), mass: 0, kept: 0 };
  for (const key of [distance, (id: number) => -values[id], (id: number) => id]) {
    for (let i = 0; i < edge.undecided; i++) keys[i] = key(ids[i]);
    narrow(edge, wanted, workspace);
    // Only those all alike so far go by what comes next.
    if (edge.undecided <= SHORT) break;
  }
  const last = ids.slice(0, edge.undecided);
  last.sort((a, b) => distance(a) - distance(b) || values[b] - values[a] || a - b);
  for (const id of last) {
    if (isEnough(wanted, edge.mass, edge.kept)) {
      weights[id] = 0;
      continue;
    }
    edge.mass += weights[id];
    edge.kept++;
  }
}

/** Decides on all but the tokens at the edge by their keys, until these are few or all the same. */
function narrow(edge: Edge, wanted: Wanted, { ids, keys, weights }: Workspace): void {
  while (edge.undecided > SHORT) {
    const count = edge.undecided;
    let low = Infinity;
    let high = -Infinity;
    for (let i = 0; i < count; i++) {
      if (keys[i] < low) low = keys[i];
      if (keys[i] > high) high = keys[i];
    }
    const scale = (BINS - 1) / (high - low);
    if (!(scale < Infinity)) return;
    weightIn.fill(0);
    countIn.fill(0);
    for (let i = 0; i < count; i++) {
      const bin = Math.floor((keys[i] - low) * scale);
      weightIn[bin] += weights[ids[i]];
      countIn[bin]++;
    }
    let bin = 0;
    while (bin < BINS && !isEnough(wanted, edge.mass + weightIn[bin], edge.kept + countIn[bin])) {
      edge.mass += weightIn[bin];
      edge.kept += countIn[bin++];
    }
    edge.undecided = 0;
    for (let i = 0; i < count; i++) {
      const at = Math.floor((keys[i] - low) * scale);
      if (at > bin) weights[ids[i]] = 0;
      else if (at === bin) {
        keys[edge.undecided] = keys[i];
        ids[edge.undecided++] = ids[i];
      }
    }
  }
}

const isEnough = ({ mass, floor }: Wanted, sum: number, kept: number): boolean =>
  sum >= mass && kept >= floor;
