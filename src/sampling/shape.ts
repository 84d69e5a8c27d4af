import { type Candidates, positionsWhere, range, retain, weigh } from './candidates.ts';
import type { Stage } from './stage.ts';
import type { StageOptions } from './stages.ts';

/** Who removed a token: 0 = nobody, n = `cutters[n − 1]`. */
type Mark = number;

/** One row of logits after the chain, with everything needed to say what happened to it. */
export interface Shaped {
  /** The model's own distribution: softmax at τ = 1 before any edit, over all V tokens. */
  readonly raw: Candidates;
  /** What is sampled from. */
  readonly candidates: Candidates;
  /** By token id. */
  readonly cutBy: ArrayLike<Mark>;
  /** 'model' (a logit of −Infinity), then the active stages in chain order. */
  readonly cutters: readonly { readonly name: string; readonly kind: string }[];
}

/** Cut marks: `without` marks what a stage took from `before`. */
function markCut(cutBy: Uint8Array, before: Int32Array, after: Int32Array, mark: Mark): void {
  let at = 0;
  for (const id of before) {
    if (id === after[at]) at++;
    else cutBy[id] = mark;
  }
}

const alive = (candidates: Candidates): Candidates => {
  const { scores } = candidates;
  if (!scores.includes(-Infinity)) return candidates;
  return retain(
    candidates,
    positionsWhere(scores.length, (at) => scores[at] > -Infinity),
  );
};

/**
 * Runs the chain over one row. The one path that `sample`, `probabilities` and `inspect` share.
 *
 * @param logits a checked row of V logits
 * @param chain active stages in order, those of kind 'edit' first
 * @param history checked token ids, oldest first
 */
export function shape(
  logits: Float32Array,
  chain: readonly Stage<StageOptions>[],
  options: StageOptions,
  history: ArrayLike<number>,
): Shaped {
  const everyId = range(logits.length);
  const raw = weigh(everyId, new Float64Array(logits), 1);
  const cutBy = new Uint8Array(everyId.length);

  let candidates = alive(raw);
  markCut(cutBy, everyId, candidates.ids, 1);
  let scores = raw.scores;
  for (const [i, stage] of chain.entries()) {
    const before = candidates.ids;
    if (stage.kind === 'edit') {
      scores = stage.edit(scores, options, history);
      candidates = alive(weigh(everyId, scores, 1));
    } else if (stage.kind === 'reweigh') candidates = stage.reweigh(candidates, options);
    else candidates = retain(candidates, stage.keep(candidates, options));
    markCut(cutBy, before, candidates.ids, i + 2);
  }
  return { raw, candidates, cutBy, cutters: [{ name: 'model', kind: 'model' }, ...chain] };
}
