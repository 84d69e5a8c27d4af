import type { Run } from '../../generation/sweep/run.ts';
import { isRecord } from '../../sampling/option-names.ts';

/**
 * Whether what a file holds can be one of a sweep's runs.
 *
 * @param first the sweep's seed, which is that of sample 0
 */
export function isRun(
  { options, sample, seed, tokens, text, readout }: Run,
  first: number,
): boolean {
  const { diversity, coherence, repetition } = Object(readout) as Run['readout'];
  return (
    isRecord(options) &&
    seed === first + sample &&
    Array.isArray(tokens) &&
    tokens.length > 0 &&
    tokens.every(Number.isSafeInteger) &&
    typeof text === 'string' &&
    [diversity, coherence, repetition?.[4]].every((value) => typeof value === 'number')
  );
}
