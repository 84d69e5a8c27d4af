import type * as sampling from 'kelvin/sampling';
import type { Setting } from './settings.ts';

/** The built library, as a user gets it: not the sources, which a loader would transform. */
export const distFolder = new URL('../dist/', import.meta.url);

export const { Sampler } = (await import(
  new URL('sampling/index.js', distFolder).href
)) as typeof sampling;

/** A setting without its name. */
export const optionsOf = ({ name: _, ...options }: Setting) => ({ ...options, seed: 7 });

/** Draws a token and nothing else. */
export const drawToken = (
  sampler: sampling.Sampler,
  logits: Float32Array,
  at: { readonly step: number },
): number => sampler.sampleToken(logits, at);

/**
 * Draws a token and reads everything that "full" promises, so that nothing can be left for later:
 * log probabilities, rank, both entropies, the 20 likeliest tokens, the mass each filter cut.
 */
export function drawFull(
  sampler: sampling.Sampler,
  logits: Float32Array,
  { step }: { readonly step: number },
): number {
  const { token, logprob, shapedLogprob, rank, entropy, rawEntropy, distribution } = sampler.sample(
    logits,
    { step, top: 20 },
  );
  let sum = token + logprob + shapedLogprob + rank + entropy + rawEntropy;
  for (const { raw, shaped } of distribution!.candidates) sum += raw + shaped;
  for (const { tokens, mass } of distribution!.cuts) sum += tokens + mass;
  return sum + distribution!.kept + distribution!.keptMass + distribution!.unseen;
}
