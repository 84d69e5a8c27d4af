// Results must be the same bits on every engine, operating system and processor. The expected
// values were computed once; a change here changes what everybody's seeds mean.
import { exp, log, Sampler, uniform } from 'kelvin/sampling';
import { expect, it } from 'vitest';

const view = new DataView(new ArrayBuffer(8));
/** FNV-1a over the bits of Float64 numbers. */
function fingerprint(values: Iterable<number>): string {
  let hash = 0x811c9dc5;
  for (const value of values) {
    view.setFloat64(0, value);
    for (let byte = 0; byte < 8; byte++)
      hash = Math.imul(hash ^ view.getUint8(byte), 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, '0');
}

const points = Array.from({ length: 20_000 }, (_, i) => (uniform(1, 0, i) - 0.5) * 1480);
/** Logits from integers and exact operations alone. */
const logits = Float32Array.from({ length: 1000 }, (_, id) => {
  const spread = uniform(2, 0, id);
  return 12 * spread * spread * spread - 4;
});

it('exp', () => {
  expect(fingerprint(points.map(exp))).toBe('e3b61f87');
});

it('log', () => {
  expect(fingerprint(points.map((x) => log(Math.abs(x))))).toBe('8c8a10c0');
});

it('shaped probabilities', () => {
  const sampler = new Sampler({ temperature: 0.7, topK: 300, topP: 0.95, minP: 0.01 });
  expect(fingerprint(sampler.probabilities(logits))).toBe('4611fd66');
});

it('tokens', () => {
  const sampler = new Sampler({ temperature: 1.5, topP: 0.9, frequencyPenalty: 0.3, seed: 42 });
  const tokens = Array.from({ length: 12 }, () => sampler.sample(logits).token);
  expect(tokens).toEqual([581, 935, 821, 694, 310, 305, 240, 343, 491, 283, 480, 320]);
});
