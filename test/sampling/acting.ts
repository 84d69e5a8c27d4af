import { Sampler, type SamplingOptions } from 'kelvin/sampling';

const names = new Sampler().describe().map(({ name }) => name);
const filters = names.slice(names.indexOf('temperature') + 1);

/** Options at random, less those that are refused for want of another beside which they act. */
export function acting(options: SamplingOptions): SamplingOptions {
  const { penaltyWindow, minTokensToKeep, ...rest } = options;
  const active = new Sampler({ ...rest, temperature: 1 })
    .describe()
    .flatMap(({ name, active }) => (active ? name : []));
  return {
    ...rest,
    ...(active.includes('penalties') && { penaltyWindow }),
    ...(active.some((name) => filters.includes(name)) && { minTokensToKeep }),
  };
}
