import type { TextModel } from '../model/text-model.ts';
import { type Candidate, exp, KelvinError, type Sampler } from '../sampling/index.ts';
import { inexactBy } from './exactness.ts';

/** How well a distribution is known that an engine told of in part. */
interface Certainty {
  /** Whether it is the same whatever the tokens are that were not told. */
  readonly exact: boolean;
  /** Raw probability of those, in [0, 1]. */
  readonly tail: number;
}

/** A row as it is drawn from, and how well it is known; that is absent where all is told. */
export interface Judged {
  readonly row: Float32Array;
  readonly certainty?: Certainty;
}

/**
 * What a sampler shall draw from: a row as it is where that is exact; else its told tokens alone, as
 * nobody knows which of the others are nonsense.
 */
export function judged(model: TextModel, sampler: Sampler, row: Float32Array): Judged {
  const sight = model.sight(row);
  if (!sight) return { row };
  const exact = inexactBy(sampler, row, sight) === undefined;
  const certainty = { exact, tail: sight.tail };
  if (exact) return { row, certainty };
  const told = new Float32Array(row.length).fill(Number.NEGATIVE_INFINITY);
  for (const token of sight.tokens) told[token] = row[token]!;
  return { row: told, certainty };
}

/**
 * The same, before something is drawn.
 *
 * @throws KelvinError `NOT_EXACT` naming the option and what would make it exact, unless the model
 *   was opened for approximate sampling too
 */
export function checked(model: TextModel, sampler: Sampler, row: Float32Array): Judged {
  const found = judged(model, sampler, row);
  if ((found.certainty?.exact ?? true) || model.info.engine!.approximate) return found;
  const sight = model.sight(row)!;
  const by = inexactBy(sampler, row, sight)!;
  throw new KelvinError('NOT_EXACT', refusal(by, sight.tokens.length, sight.tail));
}

/** Candidates with the probabilities that the model itself gives them, not those among the told. */
export const withRaw = <T extends Candidate>(
  candidates: readonly T[],
  row: Float32Array,
  { certainty }: Judged,
): readonly T[] =>
  certainty?.exact === false
    ? candidates.map((candidate) => ({ ...candidate, raw: exp(row[candidate.token]!) }))
    : candidates;

function refusal(by: string, told: number, tail: number): string {
  const allowed = 'approximate allows it as it is';
  if (by === 'repetitionPenalty')
    return `repetitionPenalty must be 1 for exact sampling, as it needs logits and the engine tells log-probabilities: presencePenalty, frequencyPenalty and dry do not; ${allowed}`;
  if (by === 'mirostat')
    return `mirostat must be absent for exact sampling, as it needs every token's probability; ${allowed}`;
  const known = `the engine tells of ${told} tokens, with ${(1 - tail).toPrecision(3)} of the probability`;
  const cure = `topK in [1, ${told - 1}]`;
  return by === ''
    ? `topK must be in [1, ${told - 1}] for exact sampling, as ${known}; ${allowed}`
    : `${by} cannot be exact here, as ${known}: ${cure} in front of it, or more candidates, would make it so; ${allowed}`;
}
