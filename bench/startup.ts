import { microsecondsSince } from './contender.ts';
import { quantile } from './interleave.ts';
import { Sampler } from './kelvin.ts';

const LATER = 31;

export interface Startup {
  readonly vocabulary: number;
  /** Microseconds of `new Sampler({}, V)`, the first of the process; absent if it was not. */
  readonly first?: number;
  /** The median of later ones. */
  readonly later: number;
}

/** Times the making of samplers; to be called before any other sampler is made. */
export function measureStartup(vocabularies: readonly number[]): Startup[] {
  return vocabularies.map((vocabulary, index) => {
    const make = () => {
      const start = performance.now();
      new Sampler({}, vocabulary);
      return microsecondsSince(start);
    };
    const first = make();
    const later = quantile(Array.from({ length: LATER }, make), 0.5);
    return { vocabulary, ...(index === 0 && { first }), later };
  });
}
