import type { Candidates } from './candidates.ts';
import type { MirostatOptions, ReferenceOptions } from './options.ts';
import { atLeast, first, type Verdict } from './verdict.ts';

/** How many of the most likely tokens the Zipf exponent is estimated from. */
const SAMPLE = 100;
/** Below this exponent a probability is 0 in Float64. */
const UNDERFLOW = -744;

/**
 * The Zipf exponent ŝ = Σ tᵢbᵢ / Σ tᵢ² with tᵢ = ln((i+1)/i) and bᵢ = ln(pᵢ/pᵢ₊₁), i from 1
 * (Basu et al. 2020, arXiv:2007.14966).
 */
function zipfExponent({ exponents }: Candidates): number {
  let products = 0;
  let squares = 0;
  for (let i = 1; i < Math.min(SAMPLE, exponents.length); i++) {
    const t = Math.log((i + 1) / i);
    products += t * (exponents[i - 1] - exponents[i]);
    squares += t * t;
  }
  return products / squares;
}

/** k = (ε̂ 2^μ / (1 − N^−ε̂))^(1/ŝ) with ε̂ = ŝ − 1 (arXiv:2007.14966, algorithm 1). */
function unroundedK(exponent: number, mu: number, vocabulary: number): number {
  const epsilon = exponent - 1;
  // 1 − N^−ε̂ without cancellation; the factor's limit as ε̂ tends to 0 is 1 / ln N.
  const size = Math.log(vocabulary);
  const factor = epsilon === 0 ? 1 / size : epsilon / -Math.expm1(-epsilon * size);
  return (factor * 2 ** mu) ** (1 / exponent);
}

/**
 * Mirostat's first version: top-k with a k that the surprise so far decides. The margin is how
 * far ŝ would have to move to round k to another number.
 */
function version1(kept: Candidates, mu: number, floor: number): Verdict {
  const count = kept.ids.length;
  if (count === 1) return first(1, kept);
  const exponent = zipfExponent(kept);
  const exact = unroundedK(exponent, mu, count);
  const k = Math.max(1, floor, Math.floor(exact + 0.5)) || Math.max(1, floor);
  const step = 1e-6;
  const slope =
    (unroundedK(exponent + step, mu, count) - unroundedK(exponent - step, mu, count)) / (2 * step);
  const edge = Math.abs(Math.abs(exact - Math.floor(exact)) - 0.5) / Math.max(1, Math.abs(slope));
  // Far above what is left, or below the floor, another k keeps the same.
  const same = exact > count + 1 || exact < Math.max(1, floor) - 1;
  // Probabilities that are 0 in Float64 have no ratio, though their exponents differ.
  if (kept.exponents[Math.min(SAMPLE, count) - 1] < UNDERFLOW)
    return { stay: first(k, kept).stay, margin: 0 };
  return { stay: first(k, kept).stay, margin: same ? Infinity : edge || 0 };
}

/** Mirostat: version 1, or version 2, which cuts what is more surprising than μ bits. */
export function mirostat(
  kept: Candidates,
  { mirostat }: ReferenceOptions,
  floor: number,
  given: number | undefined,
): Verdict | undefined {
  if (mirostat === undefined) return undefined;
  const mu = given ?? 2 * (mirostat.tau ?? 5);
  return mirostat.version === 1 ? version1(kept, mu, floor) : atLeast(2 ** -mu, floor, kept);
}

/**
 * μ after a draw: μ − η (−log₂ p − τ).
 *
 * @param drawn the probability the token was drawn with
 */
export const updateMu = (
  mu: number,
  { tau = 5, eta = 0.1 }: Pick<MirostatOptions, 'tau' | 'eta'>,
  drawn: number,
): number => mu - eta * (-Math.log2(drawn) - tau);
