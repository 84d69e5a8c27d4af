import type { Engine, Kept } from './engine.ts';
import { Few } from './few.ts';
import { roundUp } from './float32.ts';
import { idOf } from './keys.ts';
import { LOWEST, type Row } from './row.ts';
import type { Cut, Trace } from './trace.ts';

/** One token as the model saw it and as the chain left it. */
export interface Candidate {
  readonly token: number;
  /** The model's own probability: softmax at τ = 1 before any edit. */
  readonly raw: number;
  /** The probability it is drawn with; 0 if it was cut. */
  readonly shaped: number;
  /** The stage that cut it: a name as in `order`, or 'model' for a logit of −Infinity. */
  readonly cutBy?: string;
}

/** Below this many nats e^x is 0. */
const UNDERFLOW = -744;

/** The distribution of one step. Probabilities in [0, 1], entropies in nats. */
export interface Distribution {
  /** The top tokens, by shaped then raw probability descending, then id ascending. */
  readonly candidates: readonly Candidate[];
  /** Every active filter in chain order, and any other stage that removed a token. */
  readonly cuts: readonly Cut[];
  /** How many tokens no stage has cut; at a τ near 0 some of them may be too unlikely to tell from 0. */
  readonly kept: number;
  /** Raw probability of those; with the masses in `cuts` it sums to 1. */
  readonly keptMass: number;
  /** Entropy of the shaped distribution. */
  readonly entropy: number;
  /** Entropy of the raw distribution. */
  readonly rawEntropy: number;
  /** Shaped probability of all tokens that `candidates` does not list. */
  readonly unseen: number;
}

/** The shaped distribution of V tokens by id, 0 where cut. */
export function denseProbabilities(kept: Kept, vocabulary: number): Float64Array {
  const dense = new Float64Array(vocabulary);
  if (kept instanceof Few)
    for (let rank = 0; rank < kept.count; rank++)
      dense[kept.ids[rank]] = kept.weights[rank] / kept.total;
  else for (let id = 0; id < vocabulary; id++) dense[id] = kept.probability(id);
  return dense;
}

/** The ids of the `top` most likely tokens before any edit, of equals the lowest. */
export function likeliest({ workspace, raw }: Engine, top: number): number[] {
  const { given, keys } = workspace;
  const n = Math.min(top, given.alive);
  if (n === 0) return [];
  let ids = idsOf(given, n, keys);
  // Logits too near each other, or too far down, for Float64 to tell their probabilities apart.
  const last = given.values[ids[n - 1]] - given.max;
  const equal = last < UNDERFLOW ? LOWEST : given.max + last - 1e-15;
  const found = given.count(Math.max(LOWEST, roundUp(equal)));
  if (found > n) ids = idsOf(given, found, keys);
  ids.sort((a, b) => raw.probability(b) - raw.probability(a) || a - b);
  for (let id = 0; ids.length < Math.min(top, given.vocabulary); id++)
    if (given.values[id] === -Infinity) ids.push(id);
  return ids.slice(0, top);
}

function idsOf(row: Row, n: number, keys: Float64Array): number[] {
  row.largest(n, keys);
  const ids: number[] = [];
  for (let i = 0; i < n; i++) ids.push(idOf(keys[i]));
  return ids;
}

/**
 * Describes what a chain has left of a row.
 *
 * @param watched the most likely tokens, as {@link likeliest} gives them: as many as to be listed
 */
export function describeDistribution(
  engine: Engine,
  kept: Kept,
  trace: Trace,
  watched: readonly number[],
): Distribution {
  const { raw } = engine;
  const top = watched.length;
  const describe = (token: number): Candidate => {
    const cutBy = trace.cutterOf(token);
    const shaped = kept.probability(token);
    return { token, raw: raw.probability(token), shaped, ...(cutBy && { cutBy }) };
  };
  const candidates = shapedOrder(engine, kept, Math.min(top, kept.count)).map(describe);
  const drawable = candidates.findLastIndex(({ shaped }) => shaped > 0) + 1;
  // Of those that are left some may be too unlikely to tell from 0: they rank with those that went.
  const others = watched.filter((token) => trace.cutterOf(token) !== undefined).map(describe);
  if (drawable < candidates.length) {
    others.push(...candidates.splice(drawable));
    others.sort((a, b) => b.raw - a.raw || a.token - b.token);
  }
  candidates.push(...others.slice(0, top - drawable));
  let seen = 0;
  for (const { shaped } of candidates) seen += shaped;
  return {
    candidates,
    cuts: trace.cuts,
    kept: kept.count,
    keptMass: trace.keptMass,
    entropy: kept.entropy,
    rawEntropy: raw.entropy,
    unseen: top >= kept.count ? 0 : Math.max(0, 1 - seen),
  };
}

/** The ids of the n tokens likeliest to be drawn; among equals the raw likeliest, then the lowest. */
function shapedOrder({ workspace, raw }: Engine, kept: Kept, n: number): number[] {
  if (n === 0) return [];
  const { given, keys } = workspace;
  let ids: number[];
  // At τ = Infinity all are equally likely to be drawn, so it is the model that orders them.
  if (kept.temperature === Infinity && !(kept instanceof Few))
    ids = idsOf(given, given.alive, keys).filter((id) => kept.has(id));
  else if (!(kept instanceof Few)) ids = idsOf(kept.row, n, keys);
  else {
    let end = n;
    while (end < kept.count && kept.weights[end] === kept.weights[n - 1]) end++;
    ids = Array.from(kept.ids.subarray(0, end));
  }
  const shaped = (id: number) => kept.probability(id);
  if (kept.temperature < Infinity || kept instanceof Few)
    ids.sort((a, b) => shaped(b) - shaped(a) || raw.probability(b) - raw.probability(a) || a - b);
  return ids.slice(0, n);
}
