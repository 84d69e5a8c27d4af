import { Sampler, type SamplingOptions } from 'kelvin/sampling';

/** Shapes a distribution given as probabilities, as the peers' own tests give theirs. */
export function shaped(
  probabilities: readonly number[],
  options: SamplingOptions,
  history: readonly number[] = [],
): number[] {
  const logits = Float32Array.from(probabilities, Math.log);
  return [...new Sampler(options).probabilities(logits, { history })];
}
