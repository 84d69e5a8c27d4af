import type { Candidates } from './candidates.ts';
import type { ReferenceOptions } from './options.ts';

/**
 * The temperature for what is kept when the stage runs; undefined if it leaves things as they are.
 *
 * Dynamic (ggml-org/llama.cpp PR #4972): between max(0, T − range) and T + range by the entropy's
 * share of its maximum, (H / ln n)^exponent.
 */
export function temperatureOf(
  { ids, entropy }: Candidates,
  { temperature = 1, dynamicTemperature }: ReferenceOptions,
): number | undefined {
  if (dynamicTemperature === undefined) return temperature === 1 ? undefined : temperature;
  if (ids.length === 1) return undefined;
  const { range, exponent = 1 } = dynamicTemperature;
  const least = Math.max(0, temperature - range);
  const most = temperature + range;
  return least + (most - least) * (entropy / Math.log(ids.length)) ** exponent;
}

/**
 * How near a dynamic temperature came to being another: how far, in nats, the entropy would have to
 * move to change it by one part in 10^5. Near an entropy of 0 the smallest change counts.
 */
export function temperatureMargin(kept: Candidates, options: ReferenceOptions): number {
  const found = temperatureOf(kept, options);
  if (options.dynamicTemperature === undefined || found === undefined) return Infinity;
  const { range, exponent = 1 } = options.dynamicTemperature;
  const least = Math.max(0, (options.temperature ?? 1) - range);
  // dτ / dH = e (τ − τ_min) / H
  const slope = (exponent * (found - least)) / kept.entropy;
  return slope === 0 ? Infinity : (1e-5 * found) / slope || 0;
}
