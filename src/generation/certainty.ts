import type { ModelInfo } from '../model/info.ts';
import type { TextModel } from '../model/text-model.ts';
import { KelvinError, type Sampler, type SamplingOptions } from '../sampling/index.ts';
import { inexactBy } from './exactness.ts';

/** How well a distribution is known that an engine told of in part. */
export interface Certainty {
  /** Whether it is the same whatever the tokens are that were not told. */
  readonly exact: boolean;
  /** Raw probability of those, in [0, 1]. */
  readonly tail: number;
}

/** How well the distribution is known that a sampler makes of a row; undefined where all is told. */
export function certaintyOf(
  model: TextModel,
  sampler: Sampler,
  row: Float32Array,
): Certainty | undefined {
  const sight = model.sight(row);
  return sight && { exact: inexactBy(sampler, row, sight) === undefined, tail: sight.tail };
}

/**
 * The same, before something is drawn.
 *
 * @throws KelvinError `NOT_EXACT` naming the option and what would make it exact, unless the model
 *   was opened for approximate sampling too
 */
export function checkCertainty(
  model: TextModel,
  sampler: Sampler,
  row: Float32Array,
): Certainty | undefined {
  const certainty = certaintyOf(model, sampler, row);
  if (!certainty || certainty.exact || model.info.engine!.approximate) return certainty;
  const sight = model.sight(row)!;
  const by = inexactBy(sampler, row, sight)!;
  throw new KelvinError('NOT_EXACT', `${refusal(by, sight.tokens.length, certainty.tail)}`);
}

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

/**
 * The options as an approximation takes them: filters see the told tokens alone, as nobody knows
 * which of the others are nonsense.
 */
export function withinSight(options: SamplingOptions, { engine }: ModelInfo): SamplingOptions {
  if (!engine?.approximate) return options;
  const { mirostat, order, topK = 0 } = options;
  // Mirostat stands for all filters, and a chain without a top-k gets none.
  if (mirostat || (Array.isArray(order) && !order.includes('topK'))) return options;
  return { ...options, topK: Math.min(topK || engine.candidates, engine.candidates) };
}
