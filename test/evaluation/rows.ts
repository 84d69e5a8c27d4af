import fc from 'fast-check';
import { between } from '../sampling/logits.ts';

const logit = (most: number) =>
  fc.oneof(
    { weight: 6, arbitrary: between(-most, most) },
    { weight: 1, arbitrary: fc.constant(-Infinity) },
    // Equals, the largest among them.
    { weight: 1, arbitrary: fc.constant(most) },
  );

/** Rows of logits up to a size: close or far apart, with equals, some masked, never all. */
export const rowsUpTo = (most: number): fc.Arbitrary<Float32Array> =>
  fc
    .tuple(between(-most, most), fc.array(logit(most), { maxLength: 80 }))
    .map(([first, rest]) => Float32Array.from([first, ...rest]));

/** Rows shaped like a language model's: a gaussian body and a few the context calls for. */
export function modelRow(size: number, seed: number): Float32Array {
  let state = seed >>> 0;
  const random = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  const row = Float32Array.from(
    { length: size },
    () => 2.3 * Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random()),
  );
  for (let place = 0; place < 200; place++)
    row[Math.floor(random() * size)] = 17 - 1.35 * Math.log(1 + place) + 0.3 * random();
  return row;
}
