import { TemperatureCurve } from '../../evaluation/index.ts';
import type { Candidate, Distribution, Sampler } from '../../sampling/index.ts';
import type { SeenCandidate, View } from './view.ts';

/** What a person should see of a token. */
export type Label = (token: number) => string;

/** The distribution a sampler draws from at a step, and where it stands among all temperatures. */
export function look(
  sampler: Sampler,
  step: number,
  row: Float32Array,
  top: number,
  label: Label,
): Omit<View, 'node' | 'settings' | 'took'> {
  const distribution = sampler.inspect(row, { top, edges: true });
  const { candidates, edges, temperature, ...seen } = distribution;
  const name = <T extends Candidate>(candidate: T): T & SeenCandidate => ({
    ...candidate,
    text: label(candidate.token),
  });
  const curve = new TemperatureCurve(row);
  const best = curve.at(0).coherence;
  const now = {
    diversity: seen.entropy,
    coherence: best - depth(sampler, row, distribution),
  };
  const drawn = sampler.sampleToken(row, { step });
  const isListed = [...candidates, ...edges!].some(({ token }) => token === drawn);
  const unlisted = isListed ? [] : [{ ...sampler.candidate(row, drawn), rank: rankOf(drawn, row) }];
  return {
    ...seen,
    candidates: candidates.map(name),
    // What the model itself rules out is nobody's edge: often there is not even a token there.
    edges: [...edges!.filter(({ cutBy }) => cutBy !== 'model'), ...unlisted].map(name),
    temperature: temperature!,
    drawn,
    curve: curve.points(),
    now,
    gap: curve.gapBelow(now),
  };
}

/** The place of a token in the raw distribution, 1 = most likely; among equals by id. */
function rankOf(token: number, row: Float32Array): number {
  const logit = row[token]!;
  return row.reduce(
    (rank, other, i) => rank + Number(other > logit || (other === logit && i < token)),
    1,
  );
}

/**
 * How far below the largest logit the drawn ones lie, on average: with the curve's end at
 * temperature 0 that gives E_q[ln p] without an exponential for every token.
 */
function depth(sampler: Sampler, row: Float32Array, { kept, candidates }: Distribution): number {
  let largest = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < row.length; i++) if (row[i]! > largest) largest = row[i]!;
  let mean = 0;
  const add = (shaped: number, token: number) => {
    if (shaped > 0) mean += shaped * (largest - row[token]!);
  };
  // Where all that is kept is listed, nothing else need be asked for.
  if (kept <= candidates.length) for (const { shaped, token } of candidates) add(shaped, token);
  else sampler.probabilities(row).forEach(add);
  return mean;
}
