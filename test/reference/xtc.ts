import type { Candidates } from './candidates.ts';
import type { ReferenceOptions } from './options.ts';
import { range, type Verdict } from './verdict.ts';

/**
 * Exclude top choices (oobabooga/text-generation-webui PR #6335): with the given chance, if two
 * or more tokens have p ≥ threshold, all of them but the least likely go. It stands back where
 * it would leave fewer than `floor`. The margin is relative, |ln(p / threshold)|.
 */
export function xtc(
  { ids, surprisals }: Candidates,
  { xtc }: ReferenceOptions,
  floor: number,
  uniform: number,
): Verdict | undefined {
  if (xtc === undefined || xtc.probability === 0) return undefined;
  const { probability, threshold = 0.1 } = xtc;
  const all = range(ids.length);
  if (uniform >= probability) return { stay: all, margin: Infinity };
  // Every probability reaches 0, even one whose surprisal is Infinity.
  const excess = surprisals.map((surprisal) =>
    threshold === 0 ? Infinity : -surprisal - Math.log(threshold),
  );
  const margin = excess.reduce((least, x) => Math.min(least, Math.abs(x)), Infinity);
  const choices = excess.filter((x) => x >= 0).length;
  const left = ids.length - (choices - 1);
  return { stay: choices < 2 || left < floor ? all : all.slice(choices - 1), margin };
}
