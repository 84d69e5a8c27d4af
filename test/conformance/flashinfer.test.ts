// Published by flashinfer-ai/flashinfer: the examples in the docstrings of top_k_renorm_probs
// and top_p_renorm_probs (flashinfer/sampling.py), printed there to four digits.
import { describe, it } from 'vitest';
import { expectNear } from '../sampling/logits.ts';
import { shaped } from './distributions.ts';

const rows = [
  [0.2499, 0.2592, 0.1085, 0.2718, 0.1106],
  [0.2205, 0.0942, 0.2912, 0.3452, 0.0489],
  [0.2522, 0.1602, 0.2346, 0.1532, 0.2],
  [0.1543, 0.3182, 0.2062, 0.0958, 0.2255],
];

describe('flashinfer docstrings', () => {
  it.each([
    [0, [0.3201, 0.3319, 0, 0.348, 0]],
    [1, [0.2573, 0, 0.3398, 0.4028, 0]],
    [2, [0.3672, 0, 0.3416, 0, 0.2912]],
    [3, [0, 0.4243, 0.275, 0, 0.3007]],
  ])('top_k_renorm_probs with k 3, row %d', (row, expected) => {
    expectNear(shaped(rows[row], { topK: 3 }), expected, 2e-4);
  });

  it.each([
    [0, [0, 0.4882, 0, 0.5118, 0]],
    [1, [0, 0, 0, 1, 0]],
    [2, [0.5181, 0, 0.4819, 0, 0]],
    [3, [0, 1, 0, 0, 0]],
  ])('top_p_renorm_probs with p 0.3, row %d', (row, expected) => {
    expectNear(shaped(rows[row], { topP: 0.3 }), expected, 2e-4);
  });
});
