// Filters that walk down a list until they have enough.
import type { Candidates } from './candidates.ts';
import type { ReferenceOptions } from './options.ts';
import { first, range, type Verdict } from './verdict.ts';

type Filter = (kept: Candidates, options: ReferenceOptions, floor: number) => Verdict | undefined;

/** The k largest (Fan et al. 2018, arXiv:1805.04833). */
export const topK: Filter = (kept, { topK: k = 0 }, floor) =>
  k === 0 ? undefined : first(Math.max(k, floor), kept);

/**
 * How many of these probabilities it takes to reach a mass, at least `floor`; and how near the
 * running sum came to the mass at a place where that mattered.
 */
function reach(mass: number, floor: number, probabilities: ArrayLike<number>) {
  let running = 0;
  let count = 0;
  let margin = Infinity;
  while (count < probabilities.length && (count < floor || running < mass)) {
    running += probabilities[count++];
    if (count >= floor && count < probabilities.length)
      margin = Math.min(margin, Math.abs(running - mass));
  }
  return { count, margin };
}

/** The smallest top set whose probabilities reach p (Holtzman et al. 2019, arXiv:1904.09751). */
export const topP: Filter = ({ probabilities }, { topP: p = 1 }, floor) => {
  if (p === 1) return undefined;
  const { count, margin } = reach(p, floor, probabilities);
  return { stay: range(count), margin };
};

/**
 * Locally typical sampling (Meister et al. 2022, arXiv:2202.00666): the smallest set of
 * tokens whose surprisal is closest to the entropy, with a mass of at least τ. Among equally
 * close ones the likelier comes first. The margin is the nearer of the running mass to τ and, in
 * nats, of the closeness at the edge to that of a token with another score.
 */
export const typicalP: Filter = (kept, { typicalP: mass = 1 }, floor) => {
  if (mass === 1) return undefined;
  const { scores, surprisals, probabilities, entropy } = kept;
  const away = surprisals.map((surprisal) => Math.abs(surprisal - entropy));
  // The positions already are in the order of ties, and sorting keeps the order of equals.
  const order = range(scores.length).sort((a, b) => (away[a] === away[b] ? 0 : away[a] - away[b]));
  const { count, margin } = reach(
    mass,
    floor,
    order.map((at) => probabilities[at]),
  );
  let gap = Infinity;
  for (const edge of order.slice(count - 1, count + 1))
    for (const [at, score] of scores.entries())
      if (count < order.length && score !== scores[edge])
        gap = Math.min(gap, Math.abs(away[at] - away[edge]));
  return { stay: order.slice(0, count), margin: Math.min(margin, gap) };
};

/**
 * Top-H (Baghaei Potraghloo et al. 2025, arXiv:2509.02510) as its authors' code and Hugging Face
 * run it on their top 100, but on all tokens: in descending order while the running sum of −p ln p
 * is at most h·H. With h ≥ 1 that is all of them. The margin is in nats, in units of H where that is above 1.
 */
export const topH: Filter = ({ probabilities, surprisals, entropy }, { topH: h }, floor) => {
  if (h === undefined || h >= 1) return undefined;
  let running = 0;
  let count = 0;
  let margin = Infinity;
  for (const [at, p] of probabilities.entries()) {
    running += p > 0 ? p * surprisals[at] : 0;
    const room = h * entropy - running;
    if (at >= floor) margin = Math.min(margin, Math.abs(room) / Math.max(1, entropy));
    if (at >= floor && room < 0) break;
    count++;
  }
  return { stay: range(count), margin };
};
