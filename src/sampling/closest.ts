import type { Limit } from './limit.ts';
import { log } from './log.ts';
import type { Weighed } from './weighed.ts';

const BINS = 1024;
/** Surprisals further off than this many nats share the last bin. */
const FURTHEST = 64;
const weightIn = new Float64Array(BINS);
const countIn = new Int32Array(BINS);

/**
 * Sets to 0 the weights of all tokens but those with −ln p closest to a surprisal that together
 * have a mass; among equally close ones the larger score stays first, then the lowest id.
 *
 * @param many a weighed row, largest weight 1
 * @param floor the fewest that stay
 */
export function keepClosest(
  { row, temperature, total }: Weighed,
  weights: Float32Array,
  { surprisal, mass }: Extract<Limit, { kind: 'near' }>,
  floor: number,
): void {
  const { values, max, vocabulary } = row;
  const top = log(total);
  const distance = (id: number) =>
    Math.abs(top - (temperature < Infinity ? (values[id] - max) / temperature : 0) - surprisal);
  const binOf = (id: number) =>
    Math.min(BINS - 1, Math.floor(distance(id) * ((BINS - 1) / FURTHEST)));
  weightIn.fill(0);
  countIn.fill(0);
  for (let id = 0; id < vocabulary; id++) {
    if (weights[id] === 0) continue;
    const bin = binOf(id);
    weightIn[bin] += weights[id];
    countIn[bin]++;
  }
  let sum = 0;
  let kept = 0;
  let bin = 0;
  const enough = (sum: number, kept: number) => sum >= mass * total && kept >= floor;
  while (bin < BINS && !enough(sum + weightIn[bin], kept + countIn[bin])) {
    sum += weightIn[bin];
    kept += countIn[bin++];
  }
  const onEdge: number[] = [];
  for (let id = 0; id < vocabulary; id++) {
    if (weights[id] === 0) continue;
    const at = binOf(id);
    if (at === bin) onEdge.push(id);
    else if (at > bin) weights[id] = 0;
  }
  onEdge.sort((a, b) => distance(a) - distance(b) || values[b] - values[a] || a - b);
  for (const id of onEdge) {
    if (enough(sum, kept)) {
      weights[id] = 0;
      continue;
    }
    sum += weights[id];
    kept++;
  }
}
