// The sampler again, in Float64, as plainly as its definitions read: what every faster
// implementation is compared with. It imports nothing from the library.
import { type Candidates, largestFirst, weigh } from './candidates.ts';
import { edits } from './edits.ts';
import { mirostat } from './mirostat.ts';
import type { ReferenceOptions, ReferencePosition } from './options.ts';
import { stageNames } from './order.ts';
import { topH, topK, topP, typicalP } from './prefixes.ts';
import { temperatureMargin, temperatureOf } from './temperature.ts';
import { epsilonCutoff, etaCutoff, minP, topA, topNSigma } from './thresholds.ts';
import { range } from './verdict.ts';
import { xtc } from './xtc.ts';

export { draw } from './draw.ts';
export { updateMu } from './mirostat.ts';
export type { ReferenceOptions, ReferencePosition } from './options.ts';

/** One row after the whole chain. */
export interface ReferenceRow {
  /** By id, 0 where cut. */
  readonly probabilities: Float64Array;
  /** Ids no stage has cut, ascending. */
  readonly kept: readonly number[];
  /** By id: softmax at τ = 1 of the logits as given. */
  readonly raw: Float64Array;
  /** By id: the stage that cut it, 'model' for a logit of −Infinity, undefined if kept. */
  readonly cutBy: readonly (string | undefined)[];
  /** Every active filter in chain order, and any other stage that removed a token. */
  readonly cuts: readonly {
    readonly name: string;
    readonly tokens: number;
    readonly mass: number;
  }[];
  /** Raw probability of what is kept. */
  readonly keptMass: number;
  /** Of the shaped distribution, in nats. */
  readonly entropy: number;
  /** Of the raw distribution, in nats. */
  readonly rawEntropy: number;
  /**
   * How near the nearest decision about `kept` was to going the other way, Infinity if rounding
   * has no say. Where a probability is compared with a limit it is relative, |ln(p / limit)|;
   * where a sum of probabilities is, the absolute difference; for typicality and top-H, nats; for
   * top-n-sigma, in units of σ; for mirostat 1, of its Zipf exponent; for a temperature that
   * follows it, of the entropy. Equal scores told apart by id are not near.
   */
  readonly margin: number;
}

const MAX_FLOAT32 = 3.4028234663852886e38;

/** An edited logit as Float32 holds it; what was finite and is not banned stays finite. */
const rounded = (before: number, edited: number | undefined): number =>
  before === -Infinity || edited === undefined
    ? -Infinity
    : Math.fround(Math.min(MAX_FLOAT32, Math.max(-MAX_FLOAT32, edited)));

/** Runs the chain over one row of logits. */
export function reference(
  logits: Float32Array,
  options: ReferenceOptions,
  at: ReferencePosition = {},
): ReferenceRow {
  const everyId = Int32Array.from(logits.keys());
  const cutBy: (string | undefined)[] = new Array(logits.length).fill(undefined);
  const cutters: { readonly name: string; readonly filter: boolean }[] = [];
  const cut = (ids: Iterable<number>, name: string, filter = false) => {
    for (const id of ids) cutBy[id] = name;
    cutters.push({ name, filter });
  };
  const floor = options.minTokensToKeep ?? 1;
  const filters = {
    topNSigma,
    topK,
    topP,
    minP,
    typicalP,
    epsilonCutoff,
    etaCutoff,
    topA,
    topH,
    xtc: (kept: Candidates) => xtc(kept, options, floor, at.xtcUniform ?? 0),
    mirostat: (kept: Candidates) => mirostat(kept, options, floor, at.mu),
  };

  let scores = new Float64Array(logits);
  cut(
    everyId.filter((id) => scores[id] === -Infinity),
    'model',
  );
  const sorted = () =>
    largestFirst(
      everyId.filter((id) => scores[id] > -Infinity),
      scores,
    );
  const before = weigh(sorted(), scores, 1);
  const raw = new Float64Array(logits.length);
  for (const [i, id] of before.ids.entries()) raw[id] = before.probabilities[i];

  let kept = before;
  let temperature = 1;
  let margin = Infinity;
  for (const name of stageNames(options)) {
    if (name in edits) {
      const edit = edits[name](options, at);
      if (edit === undefined) continue;
      const edited = scores.map((score, id) => rounded(score, edit(score, id)));
      cut(
        everyId.filter((id) => scores[id] > -Infinity && edited[id] === -Infinity),
        name,
      );
      scores = edited;
      kept = weigh(sorted(), scores, 1);
    } else if (name === 'temperature') {
      const found = temperatureOf(kept, options);
      if (found === undefined) continue;
      cut(found === 0 ? kept.ids.subarray(1) : [], name);
      margin = Math.min(margin, temperatureMargin(kept, options));
      // One token alone has the same distribution at every temperature.
      temperature = found === 0 ? 1 : found;
      kept = weigh(found === 0 ? kept.ids.slice(0, 1) : kept.ids, scores, temperature);
    } else {
      const verdict = filters[name as keyof typeof filters](kept, options, floor);
      if (verdict === undefined) continue;
      const stay = new Set(verdict.stay);
      cut(
        kept.ids.filter((_, i) => !stay.has(i)),
        name,
        true,
      );
      kept = weigh(
        kept.ids.filter((_, i) => stay.has(i)),
        scores,
        temperature,
      );
      margin = Math.min(margin, verdict.margin);
    }
  }

  const probabilities = new Float64Array(logits.length);
  for (const [i, id] of kept.ids.entries()) probabilities[id] = kept.probabilities[i];
  const massOf = (ids: readonly number[]) => ids.reduce((sum, id) => sum + raw[id], 0);
  const idsCutBy = (name: string | undefined) =>
    range(logits.length).filter((id) => cutBy[id] === name);
  const cuts = cutters
    .map(({ name, filter }) => ({ name, filter, ids: idsCutBy(name) }))
    .filter(({ filter, ids }) => filter || ids.length > 0)
    .map(({ name, ids }) => ({ name, tokens: ids.length, mass: massOf(ids) }));
  return {
    probabilities,
    kept: Array.from(kept.ids).sort((a, b) => a - b),
    raw,
    cutBy,
    cuts,
    keptMass: massOf(idsCutBy(undefined)),
    entropy: kept.entropy,
    rawEntropy: before.entropy,
    margin,
  };
}
