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
  return {
    ...seen,
    candidates: candidates.map(name),
    edges: edges!.map(name),
    temperature: temperature!,
    drawn: sampler.sampleToken(row, { step }),
    curve: curve.points(),
    now,
    gap: curve.gapBelow(now),
  };
}
