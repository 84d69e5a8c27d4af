import { show } from './check.ts';
import type { Stage } from './stage.ts';
import type { StageOptions } from './stages.ts';

/** One link of a sampler's chain. */
export interface StageDescription {
  readonly name: string;
  /** Its options and their effective values. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Whether it does anything with these parameters. */
  readonly active: boolean;
}

/** Describes a chain under given options, idle stages included. */
export const describeChain = (
  chain: readonly Stage<StageOptions>[],
  options: StageOptions,
): StageDescription[] =>
  chain.map((stage) => ({
    name: stage.name,
    parameters: Object.fromEntries(
      Object.keys(stage.options).map((name) => [name, options[name as keyof StageOptions]]),
    ),
    active: stage.active(options),
  }));

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
