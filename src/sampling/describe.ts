import { show } from './check.ts';
import type { Stage } from './stage.ts';
import type { StageOptions } from './stages.ts';

/** One link of a sampler's chain. */
export interface StageDescription {
  readonly name: string;
  /** Its options and their effective values. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Whether it does anything with these parameters at this place in the chain. */
  readonly active: boolean;
}

/** Describes a chain under given options, idle stages included. */
export const describeChain = (
  chain: readonly Stage<StageOptions>[],
  options: StageOptions,
): StageDescription[] => {
  const last = chain.findIndex((stage) => stage.kind === 'reweigh' && stage.leavesOne(options));
  return chain.map((stage, place) => ({
    name: stage.name,
    parameters: Object.fromEntries(
      Object.keys(stage.options).map((name) => [name, options[name as keyof StageOptions]]),
    ),
    active: stage.active(options) && (last === -1 || place <= last),
  }));
};

/** What is set; parameters that are off by being absent say nothing. */
const given = (parameters: StageDescription['parameters']) =>
  Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined));

/** A described chain on one line, `?` before a stage that does nothing. */
export const chainText = (stages: readonly StageDescription[]): string =>
  [
    'logits',
    ...stages.map(({ name, parameters, active }) =>
      active ? `${name}${show(given(parameters))}` : `?${name}`,
    ),
    'draw',
  ].join(' -> ');
