import fc from 'fast-check';
import {
  exactTemperatureCurve,
  gapBelowCurve,
  TemperatureCurve,
  type TradeOff,
  tradeOff,
} from 'kelvin/evaluation';
import { logSoftmax, Sampler, type SamplingOptions, softmax } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { between } from '../sampling/logits.ts';
import { modelRow, rowsUpTo } from './rows.ts';

const rows = rowsUpTo(12);

/** The exact curve's height at a diversity, by halving ln τ. */
function height(logits: Float32Array, diversity: number): number {
  let [low, high] = [-12, 18];
  const at = (place: number) => exactTemperatureCurve(logits, [Math.exp(place)])[0];
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2;
    if (at(middle).diversity < diversity) low = middle;
    else high = middle;
  }
  return at(low).coherence;
}

const settings: fc.Arbitrary<SamplingOptions> = fc.oneof(
  fc.record({ temperature: between(0, 3), topK: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ temperature: between(0.2, 3), topP: between(0.05, 0.99) }),
  fc.record({ temperature: between(0.2, 3), minP: between(0.01, 0.9) }),
  fc.record({ temperature: between(0.2, 3), typicalP: between(0.05, 0.99) }),
  fc.record({ topP: between(0.1, 0.9), order: fc.constant('temperature-last' as const) }),
  fc.record({ temperature: fc.constant(Infinity), topNSigma: between(0.3, 2) }),
);

describe('a distribution’s point', () => {
  it('has coherence −H − KL(q‖p)', () => {
    fc.assert(
      fc.property(rows, settings, (logits, options) => {
        const q = new Sampler(options).probabilities(logits);
        const p = logSoftmax(logits);
        const divergence = q.reduce((sum, v, i) => sum + (v > 0 ? v * (Math.log(v) - p[i]) : 0), 0);
        const { diversity, coherence } = tradeOff(q, logits);
        expect(Math.abs(coherence + diversity + divergence)).toBeLessThan(1e-6);
        expect(diversity).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('is −H where nothing is changed', () => {
    fc.assert(
      fc.property(rows, (logits) => {
        const { diversity, coherence } = tradeOff(softmax(logits), logits);
        expect(Math.abs(diversity + coherence)).toBeLessThan(1e-9);
      }),
    );
  });

  it('has coherence −Infinity where it allows what the model excludes', () => {
    expect(tradeOff([0.5, 0.5], Float32Array.of(1, -Infinity)).coherence).toBe(-Infinity);
    expect(tradeOff([1, 0], Float32Array.of(1, -Infinity)).coherence + 0).toBe(0);
  });

  it('lies on the curve or below it, whatever is cut', () => {
    fc.assert(
      fc.property(rows, settings, (logits, options) => {
        const point = tradeOff(new Sampler(options).probabilities(logits), logits);
        const most = exactTemperatureCurve(logits, [0, Infinity]);
        expect(point.coherence).toBeLessThan(most[0].coherence + 1e-6);
        expect(point.diversity).toBeLessThan(most[1].diversity + 1e-6);
        expect(point.coherence).toBeLessThan(height(logits, point.diversity) + 1e-5);
      }),
    );
  });

  it('lies there for any weights at all', () => {
    const weighted = fc
      .tuple(rows, fc.infiniteStream(between(0, 1)))
      .map(([logits, weights]): [Float32Array, TradeOff] => {
        const raw = Float64Array.from(logits, (z) => (z > -Infinity ? weights.next().value : 0));
        const total = raw.reduce((a, b) => a + b, 0);
        return [
          logits,
          tradeOff(
            raw.map((v) => v / total),
            logits,
          ),
        ];
      })
      .filter(([, { diversity }]) => !Number.isNaN(diversity));
    fc.assert(
      fc.property(weighted, ([logits, point]) => {
        expect(gapBelowCurve(point, logits)).toBeGreaterThanOrEqual(0);
        expect(point.coherence).toBeLessThan(height(logits, point.diversity) + 1e-5);
      }),
    );
  });
});

describe('the gap', () => {
  it('is the vertical distance to the exact curve', () => {
    fc.assert(
      fc.property(rows, settings, (logits, options) => {
        const point = tradeOff(new Sampler(options).probabilities(logits), logits);
        const distance = height(logits, point.diversity) - point.coherence;
        fc.pre(point.diversity > Math.log(logits.filter((z) => z === Math.max(...logits)).length));
        const gap = gapBelowCurve(point, logits);
        expect(gap).toBeGreaterThanOrEqual(0);
        expect(Math.abs(gap - Math.max(0, distance))).toBeLessThan(1e-5);
      }),
    );
  });

  it('is 0 for temperature alone', () => {
    const temperatures = fc.oneof(between(-3, 3).map(Math.exp), fc.constantFrom(0, Infinity));
    fc.assert(
      fc.property(rows, temperatures, (logits, temperature) => {
        const q = softmax(logits, temperature);
        // One of equals, at 0, has less diversity than the curve’s own cold end.
        expect(gapBelowCurve(tradeOff(q, logits), logits)).toBeLessThan(1e-5);
      }),
    );
  });

  it('of top-k 40 grows with the temperature', () => {
    const logits = modelRow(50_257, 3);
    const curve = new TemperatureCurve(logits);
    const gapAt = (temperature: number) => {
      const sampler = new Sampler({ temperature, topK: 40 });
      return curve.gapBelow(tradeOff(sampler.probabilities(logits), logits));
    };
    const gaps = [0.5, 1, 2, 3].map(gapAt);
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
    expect(gaps[0]).toBeLessThan(0.05);
    expect(gaps[3]).toBeGreaterThan(0.5);
  });

  it('is negative above the curve, where no distribution is', () => {
    expect(gapBelowCurve({ diversity: 0.5, coherence: 1 }, Float32Array.of(1, 0))).toBeLessThan(-1);
  });

  it('is measured from the ends beyond them, and from the top where all are equal', () => {
    const flat = Float32Array.of(2, 2, 2);
    const point = (diversity: number, coherence: number) => ({ diversity, coherence });
    expect(gapBelowCurve(point(0, -Math.log(3) - 1), flat)).toBeCloseTo(1, 9);
    const logits = Float32Array.of(4, 4, 0);
    const [cold, hot] = exactTemperatureCurve(logits, [0, Infinity]);
    expect(gapBelowCurve(point(0, cold.coherence - 2), logits)).toBeCloseTo(2, 6);
    expect(gapBelowCurve(point(9, hot.coherence - 3), logits)).toBeCloseTo(3, 6);
  });
});
