import { show } from './check.ts';
import { KelvinError } from './error.ts';
import { invalidOption } from './option.ts';
import type { Stage } from './stage.ts';
import { type StageOptions, stages } from './stages.ts';

/** A preset of the chain's order, or the stages' names in the order they shall run. */
export type Order = 'temperature-first' | 'temperature-last' | readonly string[];

const byName = (name: string) => stages.find((stage) => stage.name === name)!;
const names = stages.map((stage) => stage.name);

const namesOfKind = (kind: Stage<StageOptions>['kind']) =>
  stages.filter((stage) => stage.kind === kind).map((stage) => stage.name);

/**
 * llama.cpp's chain: what is left of the edited logits is tempered after it was cut. Its filters
 * come first, in its order, then those it does not have; mirostat is no filter of its chain, but
 * draws.
 */
const temperatureLast = [
  ...namesOfKind('edit'),
  ...new Set(['topNSigma', 'topK', 'typicalP', 'topP', 'minP', ...namesOfKind('filter')]),
]
  .filter((name) => name !== 'mirostat')
  .concat(namesOfKind('reweigh'), 'mirostat')
  .map(byName);

/** The allowed values of `order`, in words. */
export const orderInterval = `"temperature-first", "temperature-last" or a list of distinct names out of ${names.join(', ')}`;

/** Checks an order by itself; {@link chainOf} checks it against the other options. */
export function parseOrder(value: unknown, name: string): Order {
  if (value === 'temperature-first' || value === 'temperature-last') return value;
  if (!Array.isArray(value)) throw invalidOption(name, orderInterval, value);
  for (const [i, entry] of value.entries()) {
    if (!names.includes(entry))
      throw new KelvinError(
        'INVALID_OPTION',
        `${name} holds ${show(entry)} at index ${i}; legal names: ${names.join(', ')}`,
      );
    if (value.indexOf(entry) !== i)
      throw new KelvinError('INVALID_OPTION', `${name} holds ${show(entry)} twice, at index ${i}`);
  }
  const kinds = value.map((entry) => byName(entry).kind);
  const late = kinds.lastIndexOf('edit');
  const early = kinds.findIndex((kind) => kind !== 'edit');
  if (early !== -1 && early < late)
    throw new KelvinError(
      'INVALID_OPTION',
      `${name} puts ${value[late]} after ${value[early]}: a stage that edits logits must come before temperature and filters, or it could ban the last token they left`,
    );
  return Object.freeze([...value]);
}

/**
 * The stages of an order, in order; those the options leave idle are included.
 *
 * @throws KelvinError INVALID_OPTION if the order leaves out a stage the options set
 */
export function chainOf(options: StageOptions & { order: Order }): readonly Stage<StageOptions>[] {
  const { order } = options;
  if (order === 'temperature-first') return stages;
  if (order === 'temperature-last') return temperatureLast;
  for (const stage of stages)
    if (stage.active(options) && !order.includes(stage.name)) {
      const set = Object.entries(stage.options)
        .filter(([name, row]) => options[name as keyof StageOptions] !== row.default)
        .map(([name]) => name);
      throw new KelvinError(
        'INVALID_OPTION',
        `order leaves out ${stage.name}, but ${set.join(' / ')} is set and would do nothing`,
      );
    }
  return order.map(byName);
}
