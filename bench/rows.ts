import { gaussian, randomOf } from './random.ts';

/** How many different rows are rotated, so that no branch predictor learns one by heart. */
const ROWS = 16;

const BODY_MEAN = 1;
const BODY_DEVIATION = 2.3;
const UNIGRAM_SLOPE = 0.2;
const CONTEXT_TOKENS = 200;
const CONTEXT_TOP = 17;
const CONTEXT_SLOPE = 1.35;
const CONTEXT_NOISE = 0.3;
const LARGEST_LEAD = 1.5;

/**
 * Rows shaped like a language model's logits: a gaussian body, a bias towards frequent tokens
 * (Zipf, the low ids being the frequent ones), and 200 tokens the context calls for, whose scores
 * fall with the logarithm of their place; the first has a lead that differs from row to row.
 */
export function rowsOf(vocabulary: number): Float32Array[] {
  return Array.from({ length: ROWS }, (_, index) => {
    const random = randomOf(vocabulary * ROWS + index);
    const row = Float32Array.from(
      { length: vocabulary },
      (_, id) => BODY_MEAN + BODY_DEVIATION * gaussian(random) - UNIGRAM_SLOPE * Math.log(1 + id),
    );
    for (let place = CONTEXT_TOKENS - 1; place >= 0; place--)
      row[Math.floor(random() * vocabulary)] =
        CONTEXT_TOP - CONTEXT_SLOPE * Math.log(1 + place) + CONTEXT_NOISE * gaussian(random);
    row[row.indexOf(row.reduce((a, b) => Math.max(a, b)))] += LARGEST_LEAD * random();
    return row;
  });
}
