import { TemperatureCurve, tradeOff } from '../../evaluation/index.ts';
import type { Candidate, Sampler } from '../../sampling/index.ts';
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
): Omit<View, 'node' | 'settings'> {
  const { candidates, edges, temperature, ...seen } = sampler.inspect(row, { top, edges: true });
  const name = <T extends Candidate>(candidate: T): T & SeenCandidate => ({
    ...candidate,
    text: label(candidate.token),
  });
  const curve = new TemperatureCurve(row);
  const now = tradeOff(sampler.probabilities(row), row);
  const drawn = sampler.sampleToken(row, { step });
  const isListed = [...candidates, ...edges!].some(({ token }) => token === drawn);
  const unlisted = isListed ? [] : [{ ...sampler.candidate(row, drawn), rank: rankOf(drawn, row) }];
  return {
    ...seen,
    candidates: candidates.map(name),
    edges: [...edges!, ...unlisted].map(name),
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
