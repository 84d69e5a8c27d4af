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
