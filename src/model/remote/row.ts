import { KelvinError } from '../../sampling/error.ts';
import { exp, log } from '../../sampling/index.ts';
import type { Sight } from '../text-model.ts';
import type { Told } from './engine.ts';

/** Below this a logarithm stands for that of 0: JSON has no other. */
const NOTHING = -9000;
/** What the others have at least: that none of them can be is never known. */
const LEAST_TAIL = 1e-12;
/** As far as probabilities may sum up to more than 1: they are told in Float32, some in fewer digits. */
const SLACK = 1e-3;

/**
 * A row of log-probabilities of which the likeliest tokens were told. The others have what is left,
 * each as much as any other, and no more than the least likely told.
 *
 * @param vocabulary how many tokens there are, at least
 * @throws KelvinError `ENGINE_FAILED` for what is no part of a distribution
 */
export function rowOf(
  told: readonly Told[],
  vocabulary: number,
): { readonly row: Float32Array; readonly sight: Sight } {
  const likely = told
    .filter(({ logprob }) => logprob > NOTHING)
    .sort((a, b) => b.logprob - a.logprob || a.token - b.token);
  const tokens = [...new Set(likely.map(({ token }) => token))];
  const sum = likely.reduce((sum, { logprob }) => sum + exp(logprob), 0);
  const isWrong = tokens.some((token) => !(Number.isSafeInteger(token) && token < vocabulary));
  if (tokens.length === 0 || tokens.length < likely.length || isWrong || !(sum <= 1 + SLACK))
    throw new KelvinError(
      'ENGINE_FAILED',
      `the engine must tell log-probabilities of distinct tokens below ${vocabulary} that sum to at most 1, got ${tokens.length} with ${sum.toPrecision(6)}`,
    );
  const tail = Math.min(1, Math.max(0, 1 - sum));
  // One that cannot be is among the likeliest only where no other one can be.
  const others = likely.length < told.length ? 0 : vocabulary - tokens.length;
  const least = Math.fround(likely.at(-1)!.logprob);
  const average = Math.min(least, log(Math.max(tail, LEAST_TAIL) / others));
  const row = new Float32Array(vocabulary).fill(others === 0 ? -Infinity : average);
  for (const { token, logprob } of likely) row[token] = logprob;
  return { row, sight: { tokens, least, tail: others === 0 ? 0 : tail, others } };
}
