import type { Setting } from './sweep-options.ts';

/** Values of some options, each to be tried with each of every other. */
export type Axes = {
  readonly [name in keyof Setting]?: readonly Setting[name][];
};

/**
 * Every combination of the values of some options, the last axis running fastest.
 *
 * @example
 * import { gridOf } from 'kelvin';
 * gridOf({ temperature: [0.5, 1], topP: [0.9] }); // => [{ temperature: 0.5, topP: 0.9 }, { temperature: 1, topP: 0.9 }]
 */
export function gridOf(axes: Axes): Setting[] {
  return Object.entries(axes).reduce<Setting[]>(
    (grid, [name, values]) =>
      grid.flatMap((setting) => values.map((value) => ({ ...setting, [name]: value }))),
    [{}],
  );
}
