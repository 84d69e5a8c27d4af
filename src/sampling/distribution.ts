import type { Engine, Kept } from './engine.ts';
import { Few } from './few.ts';
import { idOf } from './keys.ts';
import type { Row } from './row.ts';
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
export function likeliest({ workspace }: Engine, top: number): number[] {
  const { given, keys } = workspace;
  const ids = topOf(given, Math.min(top, given.alive), keys);
  for (let id = 0; ids.length < Math.min(top, given.vocabulary); id++)
    if (given.values[id] === -Infinity) ids.push(id);
  return ids;
}

function topOf(row: Row, n: number, keys: Float64Array): number[] {
  if (n === 0) return [];
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
  const drawable = shapedOrder(engine, kept, Math.min(top, kept.count)).map(
    (token): Candidate => ({
      token,
      raw: raw.probability(token),
      shaped: kept.probability(token),
    }),
  );
  drawable.sort((a, b) => b.shaped - a.shaped || b.raw - a.raw || a.token - b.token);
  const seen = drawable.reduce((sum, candidate) => sum + candidate.shaped, 0);
  const candidates = drawable;
  for (let i = 0; candidates.length < top; i++) {
    const cutBy = trace.cutterOf(watched[i]);
    if (cutBy !== undefined)
      candidates.push({ token: watched[i], raw: raw.probability(watched[i]), shaped: 0, cutBy });
  }
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

/** The ids of the n tokens likeliest to be drawn, and where weights are equal of the raw likeliest. */
function shapedOrder({ workspace, raw }: Engine, kept: Kept, n: number): number[] {
  // At τ = Infinity all are equally likely to be drawn, so which of them is decided by the model.
  if (kept.temperature === Infinity && n < kept.count) {
    const { given, keys } = workspace;
    return topOf(given, given.alive, keys)
      .filter((id) => kept.has(id))
      .slice(0, n);
  }
  if (!(kept instanceof Few)) return topOf(kept.row, n, workspace.keys);
  // Equals across the end of the list are in the order of their edited logits; see that as well.
  let end = n;
  while (end < kept.count && kept.weights[end] === kept.weights[n - 1]) end++;
  const ids = Array.from(kept.ids.subarray(0, end));
  if (end > n) {
    const tied = (id: number) => kept.probability(id);
    ids.sort((a, b) => tied(b) - tied(a) || raw.probability(b) - raw.probability(a) || a - b);
  }
  return ids.slice(0, n);
}
