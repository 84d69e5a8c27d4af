import { exp, log, type Sampler, standardNormalization } from '../../sampling/index.ts';
import type { Label } from './look.ts';
import type { Explanation } from './view.ts';

/** How a sampler comes to a token's probability. */
export function explain(
  sampler: Sampler,
  row: Float32Array,
  token: number,
  top: number,
  label: Label,
): Omit<Explanation, 'node' | 'settings'> {
  const chance = sampler.candidate(row, token);
  const { candidates } = sampler.inspect(row, { top: Math.max(1, top) });
  const best = sampler.candidate(row, candidates[0]!.token);
  const { logit, temperature, shaped } = chance;
  // Its own score moves it most, wherever in the list it is.
  const own = { token, shaped };
  const listed = [own, ...candidates.filter((other) => other.token !== token)].slice(0, top);
  const scaled = scale(logit - best.logit, temperature);
  const offset = temperature === 0 ? 0 : best.logit / temperature;
  return {
    ...chance,
    text: label(token),
    rawLogit: row[token]!,
    scaled: scaled + offset,
    weight: exp(scaled),
    total: 1 / best.shaped,
    surprisal: -log(shaped),
    jacobian: listed.map((other) => ({
      token: other.token,
      text: label(other.token),
      value: shaped * ((other.token === token ? 1 : 0) - other.shaped),
    })),
    ...(row.every((value) => value >= 0) && row.some((value) => value > 0)
      ? { standard: standardNormalization(row)[token]! }
      : {}),
  };
}

/** A difference of logits, in which neither 0 / 0 nor ∞ / ∞ is a number. */
const scale = (difference: number, temperature: number): number =>
  difference === 0 || Math.abs(difference) === Infinity ? difference : difference / temperature;
