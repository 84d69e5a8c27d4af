import { highestAlike } from './alike.ts';
import type { Engine, Kept } from './engine.ts';
import { Few } from './few.ts';
import type { Many } from './many.ts';
import type { Raw } from './raw.ts';
import type { Row } from './row.ts';

/** The last of the kept tokens: the least likely by shaped, then raw, then the highest id. */
export const leastLikely = ({ workspace, raw }: Engine, kept: Kept): number =>
  kept instanceof Few ? leastOfFew(kept, raw) : leastOfMany(kept, raw, workspace.given);

function leastOfFew({ ids, weights, total, count }: Few, raw: Raw): number {
  let least = 0;
  for (let rank = 1; rank < count; rank++) {
    const difference =
      weights[rank] / total - weights[least] / total ||
      raw.probability(ids[rank]) - raw.probability(ids[least]) ||
      ids[least] - ids[rank];
    if (difference < 0) least = rank;
  }
  return ids[least];
}

/** O(V), and few exponentials: only of tokens whose scores are too near the least to decide. */
function leastOfMany(many: Many, raw: Raw, given: Row): number {
  const { vocabulary, values } = many.row;
  let lowest = Infinity;
  for (let id = 0; id < vocabulary; id++)
    if (values[id] < lowest && many.has(id)) lowest = values[id];
  const high = highestAlike(many.row, lowest, many.temperature);
  let least = -1;
  let score = Number.NaN;
  let shaped = Infinity;
  let rawHigh = Infinity;
  let unlikeliest = Infinity;
  for (let id = 0; id < vocabulary; id++) {
    if (values[id] > high || !many.has(id)) continue;
    const isLikelier = given.values[id] > rawHigh;
    // Nothing is less likely than 0.
    if (isLikelier && (shaped === 0 || values[id] === score)) continue;
    const mine = values[id] === score ? shaped : many.probability(id);
    if (mine > shaped || (mine === shaped && isLikelier)) continue;
    const p = raw.probability(id);
    if (mine === shaped && p > unlikeliest) continue;
    least = id;
    score = values[id];
    shaped = mine;
    unlikeliest = p;
    rawHigh = highestAlike(given, given.values[id], 1);
  }
  return least;
}
