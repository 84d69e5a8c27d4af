import type { Stage } from './stage.ts';
import type { StageOptions } from './stages.ts';
import { positionsWhere, range, retain, type Weighed, weigh } from './weighed.ts';

/** One row of logits after the chain, with everything needed to say what happened to it. */
export interface Shaped {
  /** The model's own distribution: softmax at τ = 1 before any edit, over all V tokens. */
  readonly raw: Weighed;
  /** What is sampled from. */
  readonly kept: Weighed;
  /** By token id, who removed it: 0 = nobody, n = `cutters[n − 1]`. */
  readonly cutBy: Uint8Array;
  /** 'model' (a logit of −Infinity), then the active stages in chain order. */
  readonly cutters: readonly { readonly name: string; readonly kind: string }[];
}

/** Marks what a stage took away; both id lists ascend. */
function markCut(cutBy: Uint8Array, before: Int32Array, after: Int32Array, mark: number): void {
  let at = 0;
  for (const id of before) {
    if (id === after[at]) at++;
    else cutBy[id] = mark;
  }
}

/** The tokens that can be drawn at all. */
const alive = (tokens: Weighed): Weighed => {
  const { scores } = tokens;
  if (!scores.includes(-Infinity)) return tokens;
  return retain(
    tokens,
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

  let kept = alive(raw);
  markCut(cutBy, everyId, kept.ids, 1);
  let scores = raw.scores;
  for (const [i, stage] of chain.entries()) {
    const before = kept.ids;
    if (stage.kind === 'edit') {
      scores = stage.edit(scores, options, history);
      kept = alive(weigh(everyId, scores, 1));
    } else if (stage.kind === 'reweigh') kept = stage.reweigh(kept, options);
    else kept = retain(kept, stage.keep(kept, options));
    markCut(cutBy, before, kept.ids, i + 2);
  }
  return { raw, kept, cutBy, cutters: [{ name: 'model', kind: 'model' }, ...chain] };
}
