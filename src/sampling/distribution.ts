import { Descending } from './descending.ts';
import type { Shaped } from './shape.ts';
import { entropyOf } from './weighed.ts';

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

/** What one stage removed. */
export interface Cut {
  /** The stage: a name as in `order`, or 'model' for tokens whose logit is −Infinity. */
  readonly name: string;
  /** How many tokens it removed. */
  readonly tokens: number;
  /** How much raw probability they had. */
  readonly mass: number;
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

/** The shaped distribution by token id, 0 where cut. */
export function denseProbabilities({ raw, kept }: Shaped): Float64Array {
  const dense = new Float64Array(raw.ids.length);
  for (const [at, id] of kept.ids.entries()) dense[id] = kept.weights[at] / kept.total;
  return dense;
}

function countCuts({ cutBy, cutters }: Shaped, raw: Float64Array) {
  const tokens = new Float64Array(cutters.length + 1);
  const mass = new Float64Array(cutters.length + 1);
  for (let id = 0; id < cutBy.length; id++) {
    tokens[cutBy[id]] += 1;
    mass[cutBy[id]] += raw[id];
  }
  const cuts: Cut[] = cutters
    .map(({ name, kind }, i) => ({ name, kind, tokens: tokens[i + 1], mass: mass[i + 1] }))
    .filter((cut) => cut.kind === 'filter' || cut.tokens > 0)
    .map(({ name, tokens, mass }) => ({ name, tokens, mass }));
  return { cuts, keptMass: mass[0] };
}

/** Describes a shaped row, listing its `top` first tokens. */
export function describeDistribution(shaped: Shaped, top: number): Distribution {
  const { kept, cutBy, cutters } = shaped;
  const shapedOf = denseProbabilities(shaped);
  const rawOf = shaped.raw.weights.map((weight) => weight / shaped.raw.total);
  // Compared as shown, not as weighed: where a division rounds two weights to one number the
  // tokens are equals, and go by id.
  const order = new Descending(rawOf.length, (a, b) => {
    if (shapedOf[a] !== shapedOf[b]) return shapedOf[a] > shapedOf[b];
    if (rawOf[a] !== rawOf[b]) return rawOf[a] > rawOf[b];
    return a < b;
  });
  const listed = Array.from(order.take(top), (token): Candidate => {
    const cutter = cutters[cutBy[token] - 1];
    return {
      token,
      raw: rawOf[token],
      shaped: shapedOf[token],
      ...(cutter && { cutBy: cutter.name }),
    };
  });
  const seen = listed.reduce((sum, candidate) => sum + candidate.shaped, 0);
  return {
    candidates: listed,
    ...countCuts(shaped, rawOf),
    kept: kept.ids.length,
    entropy: entropyOf(kept),
    rawEntropy: entropyOf(shaped.raw),
    unseen: listed.length >= kept.ids.length ? 0 : Math.max(0, 1 - seen),
  };
}
