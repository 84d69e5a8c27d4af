import fc from 'fast-check';
import {
  type CurvePoint,
  exactTemperatureCurve,
  TemperatureCurve,
  type TradeOff,
  temperatureCurve,
  tradeOff,
} from 'kelvin/evaluation';
import { argmax, entropyTemperatureDerivative, logSoftmax, softmax } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { between } from '../sampling/logits.ts';
import { modelRow, rowsUpTo } from './rows.ts';

/** From the definition, over a row in Float64. */
function byDefinition(logits: Float32Array, temperature: number): TradeOff {
  const p = logSoftmax(logits);
  const q = softmax(logits, temperature);
  let [diversity, coherence] = [0, 0];
  for (let i = 0; i < q.length; i++)
    if (q[i] > 0) {
      diversity -= q[i] * Math.log(q[i]);
      coherence += q[i] * p[i];
    }
  return { diversity, coherence };
}

const distance = (a: TradeOff, b: TradeOff) =>
  Math.max(Math.abs(a.diversity - b.diversity), Math.abs(a.coherence - b.coherence));

const temperatures = between(-4, 4).map(Math.exp);
const rows = rowsUpTo(30);

describe('the exact curve', () => {
  it('is what its definition says', () => {
    fc.assert(
      fc.property(rows, temperatures, (logits, temperature) => {
        for (const tau of [0, temperature, 1, Infinity]) {
          const [point] = exactTemperatureCurve(logits, [tau]);
          expect(point.temperature).toBe(tau);
          expect(distance(point, byDefinition(logits, tau))).toBeLessThan(1e-9);
        }
      }),
    );
  });

  it('falls with the slope −τ', () => {
    fc.assert(
      fc.property(rowsUpTo(8), between(-1.5, 1.5).map(Math.exp), (logits, tau) => {
        const [a, b] = exactTemperatureCurve(logits, [tau * (1 - 1e-4), tau * (1 + 1e-4)]);
        const rise = b.diversity - a.diversity;
        const scale = entropyTemperatureDerivative(logits, tau) * tau * 2e-4;
        expect(Math.abs(rise - scale)).toBeLessThan(1e-6 * scale + 1e-12);
        expect(Math.abs(b.coherence - a.coherence + tau * rise)).toBeLessThan(
          tau * (1e-6 * scale + 1e-12),
        );
      }),
    );
  });
});

/** How far the fast form may be away. */
const allowed = ({ temperature }: CurvePoint) => 1e-5 * Math.max(1, Math.min(temperature, 1e4));

describe('the fast curve', () => {
  it('is the exact one, of rows of any kind', () => {
    const scales = between(-3, 3).map((power) => 10 ** power);
    fc.assert(
      fc.property(rows, scales, temperatures, (row, scale, temperature) => {
        const logits = row.map((z) => z * scale);
        const taus = [0, temperature, temperature * scale, 1, Infinity];
        const exact = exactTemperatureCurve(logits, taus);
        for (const [i, point] of temperatureCurve(logits, taus).entries())
          expect(distance(point, exact[i])).toBeLessThan(
            Math.max(allowed(point), 1e-12 * scale * 30),
          );
      }),
    );
  });

  it.each([1000, 50_257])('is within 1e-6 nat for a model’s row of %i', (size) => {
    const logits = modelRow(size, size);
    const exact = exactTemperatureCurve(logits);
    for (const [i, point] of temperatureCurve(logits).entries())
      expect(distance(point, exact[i])).toBeLessThan(1e-6);
  });

  it('holds where a bin has two kinds of tokens and half of the mass', () => {
    for (const depth of [1, 4, 8, 12]) {
      const deep = Math.round(Math.exp(depth));
      const logits = Float32Array.from({ length: deep + 1 }, (_, i) =>
        i === 0 ? 0 : -depth * (i % 5 === 0 ? 1.0155 : 1.0001),
      );
      for (const tau of [0.5, 1, 2]) {
        const [point] = temperatureCurve(logits, [tau]);
        expect(distance(point, exactTemperatureCurve(logits, [tau])[0])).toBeLessThan(1e-5);
      }
    }
  });

  it('has its ends at argmax and at equal shares', () => {
    fc.assert(
      fc.property(rows, (logits) => {
        const p = logSoftmax(logits);
        const finite = p.filter((value) => value > -Infinity);
        const [first, last] = temperatureCurve(logits, [0, Infinity]);
        expect(first.diversity).toBe(0);
        expect(Math.abs(first.coherence - p[argmax(logits)])).toBeLessThan(1e-6);
        expect(last.diversity).toBe(Math.log(finite.length));
        const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
        expect(Math.abs(last.coherence - mean)).toBeLessThan(1e-6);
      }),
    );
  });

  it('goes right and down as it gets hotter', () => {
    fc.assert(
      fc.property(rows, (logits) => {
        const points = temperatureCurve(logits);
        for (let i = 1; i < points.length; i++) {
          expect(points[i].diversity - points[i - 1].diversity).toBeGreaterThan(-1e-9);
          expect(points[i - 1].coherence - points[i].coherence).toBeGreaterThan(-1e-9);
        }
      }),
    );
  });

  it('has 24 points by default: 0, 1, Infinity and some between', () => {
    const taus = temperatureCurve(Float32Array.of(1, 2)).map(({ temperature }) => temperature);
    expect(taus).toHaveLength(24);
    expect(taus).toEqual([...new Set(taus)].sort((a, b) => a - b));
    expect([taus[0], taus[12], taus[23]]).toEqual([0, 1, Infinity]);
  });

  it('is one point where there is one choice', () => {
    for (const { diversity, coherence } of temperatureCurve(Float32Array.of(-Infinity, 3)))
      expect([diversity, coherence + 0]).toEqual([0, 0]);
  });

  it('has numbers for all finite logits and all temperatures', () => {
    const huge = [-3.4e38, 3.4e38, 1e-45, 0, -1e-45, 1e9, -1e9].map(Math.fround);
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...huge, -Infinity), { minLength: 1, maxLength: 9 }),
        fc.constantFrom(0, 5e-324, 1e-45, 1e-300, 1e-9, 1, 1e9, 1e38, 1.7e308, Infinity),
        (values, tau) => {
          const logits = Float32Array.from([...values, 1]);
          const curve = new TemperatureCurve(logits);
          const points = [curve.at(tau), ...exactTemperatureCurve(logits, [tau])];
          for (const point of points) {
            expect(point.diversity).toBeGreaterThanOrEqual(0);
            expect(point.diversity).toBeLessThan(3);
            expect(Number.isFinite(point.coherence)).toBe(true);
            expect(curve.gapBelow(point)).not.toBeNaN();
          }
        },
      ),
    );
  });

  it('remembers nothing of the row before', () => {
    const one = modelRow(300, 1);
    const before = temperatureCurve(one);
    temperatureCurve(modelRow(500, 2));
    expect(temperatureCurve(one)).toEqual(before);
  });
});

describe('what is no row or no temperature', () => {
  it('is refused', () => {
    for (const curve of [temperatureCurve, exactTemperatureCurve]) {
      expect(() => curve(Float32Array.of(1, Number.NaN))).toThrow('got NaN at index 1');
      expect(() => curve(Float32Array.of(-Infinity))).toThrow('no token to choose');
      expect(() => curve(new Float32Array(0))).toThrow('must not be empty');
      expect(() => curve(Float32Array.of(1), [-1])).toThrow(
        'temperature must be a number in [0, Infinity], got -1',
      );
      expect(() => curve(Float32Array.of(1), [Number.NaN])).toThrow('got NaN');
    }
    expect(() => tradeOff([1], Float32Array.of(1, 2))).toThrow('1 and 2 values');
    expect(() => tradeOff([1, -1], Float32Array.of(1, 2))).toThrow('got -1 at index 1');
    expect(() => tradeOff([0, Number.NaN], Float32Array.of(1, 2))).toThrow('got NaN at index 1');
  });
});
