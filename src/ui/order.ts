import { type Order, parseSamplingOptions } from '../sampling/index.ts';
import { chainOf } from '../sampling/order.ts';
import type { Knob } from './knobs.ts';
import type { Glyphs } from './line.ts';
import { spell } from './panes/spell.ts';

/**
 * The next order of the chain to try.
 *
 * @param own the list the session began with, which takes its turn behind the two presets
 */
export function nextOrder(order: Order, own?: Order): Order {
  const orders: Order[] = ['temperature-first', 'temperature-last'];
  if (own !== undefined && !orders.includes(own)) orders.push(own);
  return orders[(orders.indexOf(order) + 1) % orders.length]!;
}

/** The names of an order's stages, in the order they run. */
export const stageNames = (order: Order): readonly string[] =>
  typeof order === 'string' ? PRESETS[order] : order;

const namesOf = (order: Order) =>
  chainOf({ ...parseSamplingOptions(), order }).map(({ name }) => name);

const PRESETS = {
  'temperature-first': namesOf('temperature-first'),
  'temperature-last': namesOf('temperature-last'),
};

/** An order as the signs of its knobs: `τ ▸ k ▸ p`. A stage without a knob is not in it. */
export function orderText(
  order: Order,
  knobs: readonly Knob[],
  glyphs: Glyphs = 'unicode',
): string {
  const signs = inOrder(order, knobs).map(({ sign }) => sign);
  return spell(signs.join(' ▸ '), glyphs);
}

/** The knobs in the order their stages run; those whose stage does not run are left out. */
export function inOrder(order: Order, knobs: readonly Knob[]): readonly Knob[] {
  const names = stageNames(order);
  return knobs
    .filter(({ stage }) => names.includes(stage))
    .toSorted((a, b) => names.indexOf(a.stage) - names.indexOf(b.stage));
}
