// Filters that compare every token with one number.
import type { Candidates } from './candidates.ts';
import type { ReferenceOptions } from './options.ts';
import { atLeast, type Verdict } from './verdict.ts';

type Filter = (kept: Candidates, options: ReferenceOptions, floor: number) => Verdict | undefined;

/** p ≥ m · p_max (Nguyen et al. 2024, arXiv:2407.01082). */
export const minP: Filter = ({ exponents }, { minP: m = 0 }, floor) => {
  if (m === 0) return undefined;
  const stay: number[] = [];
  let margin = Infinity;
  for (const [at, exponent] of exponents.entries()) {
    // ln p − ln p_max is the exponent itself.
    const excess = exponent - Math.log(m);
    if (at < floor || excess >= 0) stay.push(at);
    // What equals the top is above any limit.
    if (at >= floor && exponent < 0) margin = Math.min(margin, Math.abs(excess));
  }
  return { stay, margin };
};

/** p ≥ ε (Hewitt et al. 2022, arXiv:2210.15191). */
export const epsilonCutoff: Filter = (kept, { epsilonCutoff: epsilon = 0 }, floor) =>
  epsilon === 0 ? undefined : atLeast(epsilon, floor, kept);

/** p ≥ min(ε, √ε · e^−H) (Hewitt et al. 2022, arXiv:2210.15191, with α = √ε). */
export const etaCutoff: Filter = (kept, { etaCutoff: epsilon = 0 }, floor) => {
  if (epsilon === 0) return undefined;
  return atLeast(Math.min(epsilon, Math.sqrt(epsilon) * Math.exp(-kept.entropy)), floor, kept);
};

/** p ≥ a · p_max² (BlinkDL/RWKV-LM, readme, "top-a"). */
export const topA: Filter = (kept, { topA: a }, floor) =>
  a === undefined ? undefined : atLeast(a * kept.probabilities[0] ** 2, floor, kept);

/**
 * z ≥ max − n·σ, σ the population standard deviation (Tang et al. 2024, arXiv:2411.07641). The margin is in units of σ.
 */
export const topNSigma: Filter = ({ scores }, { topNSigma: n }, floor) => {
  if (n === undefined) return undefined;
  const mean = scores.reduce((sum, z) => sum + z, 0) / scores.length;
  const sigma = Math.sqrt(scores.reduce((sum, z) => sum + (z - mean) ** 2, 0) / scores.length);
  const stay: number[] = [];
  let margin = Infinity;
  for (const [at, z] of scores.entries()) {
    const excess = z - (scores[0] - n * sigma);
    if (at < floor || excess >= 0) stay.push(at);
    // What equals the top is above any limit.
    if (at >= floor && z < scores[0]) margin = Math.min(margin, Math.abs(excess) / sigma);
  }
  return { stay, margin };
};
