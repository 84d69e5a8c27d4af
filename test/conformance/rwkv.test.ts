// Published by BlinkDL/RWKV-LM, README.md, "The top-a sampling method": with 0.2 · p_max² a top
// probability of 0.9 removes what is below 0.162, 0.5 what is below 0.05, 0.1 what is below 0.002.
import { expect, it } from 'vitest';
import { kept } from '../sampling/logits.ts';
import { shaped } from './distributions.ts';

it.each<[number, number[], number[]]>([
  [0.9, [0.9, 0.1], [0]],
  [0.5, [0.5, 0.4, 0.051, 0.049], [0, 1, 2]],
  [0.1, [0.1, ...Array(9).fill(0.896 / 9), 0.0021, 0.0019], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
])('top-a 0.2 at p_max %d', (_top, probabilities, expected) => {
  expect(kept(Float64Array.from(shaped(probabilities, { topA: 0.2 })))).toEqual(expected);
});
