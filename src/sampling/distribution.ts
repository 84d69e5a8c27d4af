import type { Candidate, Chance, Edge } from './candidate.ts';
import type { Engine, Kept } from './engine.ts';
import type { Fate } from './fate.ts';
import { Few } from './few.ts';
import { FirstCuts } from './first-cuts.ts';
import { leastLikely } from './least-likely.ts';
import { type Cut, Trace } from './trace.ts';

/** The distribution of one step. Probabilities in [0, 1], entropies in nats. */
export interface Distribution {
  /** The top tokens, by shaped then raw probability descending, then id ascending. */
  readonly candidates: readonly Candidate[];
  /**
   * Every filter that is set, in chain order, even behind a temperature of 0, where it finds one
   * token; and any other stage that removed a token.
   */
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
  /**
   * Present when `edges` was asked for: of the kept tokens the last in the order of `candidates`,
   * then the first, in that order, of those that each stage in `cuts` removed, if it removed any.
   */
  readonly edges?: readonly Edge[];
  /**
   * Present when `edges` was asked for. τ that the kept logits were divided by: what
   * `dynamicTemperature` made of it, 1 where the stage is idle. One below 4.24e-39 may count as that.
   */
  readonly temperature?: number;
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

/** By shaped, then raw probability descending, then by id. */
const byProbability = (a: Candidate, b: Candidate): number =>
  b.shaped - a.shaped || b.raw - a.raw || a.token - b.token;

/** Most lists are in order already, and sorting one costs more than seeing that. */
function sortIfNeeded<T>(list: T[], compare: (a: T, b: T) => number): void {
  for (let i = 1; i < list.length; i++)
    if (compare(list[i - 1], list[i]) > 0) {
      list.sort(compare);
      return;
    }
}

/** The ids of the `top` most likely tokens before any edit, of equals the lowest. */
function likeliest({ workspace, raw }: Engine, top: number): number[] {
  const { given, keys } = workspace;
  const ids = given.likely(Math.min(top, given.alive), 1, keys);
  if (ids.length > top) {
    ids.sort((a, b) => raw.probability(b) - raw.probability(a) || a - b);
    ids.length = top;
  }
  for (let id = 0; ids.length < Math.min(top, given.vocabulary); id++)
    if (!given.isLikely(id, 1)) ids.push(id);
  return ids;
}

/**
 * A trace that watches the `top` most likely tokens of a row: as many as are to be listed.
 *
 * @param edges whether the tokens at the edges are wanted too
 */
export function watch(engine: Engine, top: number, edges = false): Trace {
  const { raw, workspace } = engine;
  const { given } = workspace;
  const firstCuts = edges ? new FirstCuts(raw, given) : undefined;
  return new Trace(raw, given, likeliest(engine, top), firstCuts);
}

/** The last token that is kept, and the first of each cut. */
function edgesOf(engine: Engine, kept: Kept, { found }: FirstCuts): Edge[] {
  const { raw } = engine;
  const last = leastLikely(engine, kept);
  const rawAndRank = (token: number) => ({ raw: raw.probability(token), rank: raw.rank(token) });
  return [
    { token: last, shaped: kept.probability(last), ...rawAndRank(last) },
    ...found.map(({ token, cutBy }) => ({ token, shaped: 0, cutBy, ...rawAndRank(token) })),
  ];
}

/** Describes what a chain has left of one token. */
export function describeCandidate({ raw }: Engine, kept: Kept, fate: Fate): Chance {
  const { token, cutBy, logit } = fate;
  const shaped = cutBy === undefined ? kept.probability(token) : 0;
  const chance = { token, raw: raw.probability(token), shaped, logit };
  const { temperature } = kept;
  return cutBy === undefined ? { ...chance, temperature } : { ...chance, temperature, cutBy };
}

/** Describes what a chain has left of a row. */
export function describeDistribution(engine: Engine, kept: Kept, trace: Trace): Distribution {
  const { workspace, raw } = engine;
  const { watched, cutters, cuts, keptMass } = trace;
  const top = watched.length;
  const candidates: Candidate[] = [];
  const ids = kept.likely(top, workspace.keys);
  for (let i = 0; i < ids.length; i++) {
    const token = ids[i];
    candidates.push({ token, raw: raw.probability(token), shaped: kept.probability(token) });
  }
  sortIfNeeded(candidates, byProbability);
  if (candidates.length > top) candidates.length = top;
  let seen = 0;
  for (let i = 0; i < candidates.length; i++) seen += candidates[i].shaped;
  // Who cannot be drawn comes last, as likely as the model found them.
  for (let i = 0; candidates.length < watched.length; i++) {
    const token = watched[i];
    const cutBy = cutters[i];
    if (cutBy !== undefined)
      candidates.push({ token, raw: raw.probability(token), shaped: 0, cutBy });
    else if (!kept.isDrawable(token))
      candidates.push({ token, raw: raw.probability(token), shaped: kept.probability(token) });
  }
  sortIfNeeded(candidates, byProbability);
  const distribution = {
    candidates,
    cuts,
    kept: kept.count,
    keptMass,
    entropy: kept.entropy,
    rawEntropy: raw.entropy,
    unseen: top >= kept.count ? 0 : Math.max(0, 1 - seen),
  };
  if (trace.firstCuts === undefined) return distribution;
  const edges = edgesOf(engine, kept, trace.firstCuts);
  return { ...distribution, edges, temperature: kept.temperature };
}
