import fc from 'fast-check';
import { Calibration } from 'kelvin/evaluation';
import { argmax, logSoftmax, softmax, uniform } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { between } from '../sampling/logits.ts';
import { modelRow, rowsUpTo } from './rows.ts';

interface Place {
  readonly logits: Float32Array;
  readonly target: number;
}

const places: fc.Arbitrary<Place[]> = fc.array(
  fc
    .tuple(rowsUpTo(9), fc.nat())
    .map(([logits, n]) => ({ logits, ids: [...logits.keys()].filter((i) => logits[i] > -99), n }))
    .map(({ logits, ids, n }) => ({ logits, target: ids[n % ids.length] })),
  { minLength: 2, maxLength: 12 },
);

function calibrated(text: readonly Place[]) {
  const calibration = new Calibration();
  for (const { logits, target } of text) calibration.add(logits, target);
  return calibration.fit();
}

const lossAt = (text: readonly Place[], temperature: number) =>
  text.reduce((sum, { logits, target }) => sum - logSoftmax(logits, temperature)[target], 0) /
  text.length;

/** d loss / d ln τ, through softmax's derivative. */
function slopeAt(text: readonly Place[], temperature: number): number {
  let sum = 0;
  for (const { logits, target } of text)
    for (const [i, q] of softmax(logits, temperature).entries())
      if (q > 0) sum += (q * (logits[target] - logits[i])) / temperature;
  return sum / text.length;
}

/** A text of a model that is too sure or not sure enough, by so much. */
function textAt(
  temperature: number,
  length: number,
  rowAt = (place: number) => modelRow(200, place + 1).map((z) => z / 2),
  seed = 11,
): Place[] {
  return Array.from({ length }, (_, i) => {
    const logits = rowAt(i);
    let luck = uniform(seed, 0, i);
    const target = softmax(logits, temperature).findIndex((q) => {
      luck -= q;
      return luck < 0;
    });
    return { logits, target: Math.max(0, target) };
  });
}

describe('the fitted temperature', () => {
  it('has a lower loss than all others, and no slope', () => {
    let inside = 0;
    fc.assert(
      fc.property(places, between(-2, 2).map(Math.exp), (text, other) => {
        const { temperature, slope, before, after } = calibrated(text);
        expect(before.loss).toBeCloseTo(lossAt(text, 1), 5);
        expect(after.loss).toBeLessThan(lossAt(text, other) + 1e-5);
        expect(Math.abs(slope)).toBeLessThan(1e-9);
        if (temperature === 0 || temperature === Infinity) return;
        inside++;
        expect(after.loss).toBeCloseTo(lossAt(text, temperature), 5);
        expect(Math.abs(slopeAt(text, temperature))).toBeLessThan(1e-5);
      }),
    );
    expect(inside).toBeGreaterThan(10);
  });

  it.each([0.6, 1, 1.7])('finds %f again', (temperature) => {
    const fitted = calibrated(textAt(temperature, 1500)).temperature;
    expect(Math.abs(Math.log(fitted / temperature))).toBeLessThan(0.08);
  });

  it('is the same whatever the scale of the logits', () => {
    const text = textAt(1, 60);
    const { temperature } = calibrated(text);
    for (const scale of [1e-12, 1e-3, 1e4, 1e20]) {
      const scaled = text.map(({ logits, target }) => ({
        logits: logits.map((z) => z * scale),
        target,
      }));
      expect(calibrated(scaled).temperature / scale / temperature).toBeCloseTo(1, 5);
    }
  });

  it('is 0 where the text is always the likeliest token', () => {
    const text = textAt(1, 20).map(({ logits }) => ({ logits, target: argmax(logits) }));
    const { temperature, after } = calibrated(text);
    expect(temperature).toBe(0);
    expect(after.loss).toBe(0);
    expect(after.calibrationError).toBe(0);
  });

  it('is Infinity where the text is unlikelier than chance', () => {
    const text = textAt(1, 20).map(({ logits }) => ({
      logits,
      target: argmax(logits.map((z) => -z)),
    }));
    const { temperature, after } = calibrated(text);
    expect(temperature).toBe(Infinity);
    expect(after.loss).toBeCloseTo(Math.log(200), 12);
  });

  it('is 1 where no temperature changes anything', () => {
    const { temperature, after } = calibrated([
      { logits: Float32Array.of(2, 2, -Infinity), target: 1 },
    ]);
    expect(temperature).toBe(1);
    expect(after.loss).toBeCloseTo(Math.LN2, 12);
  });
});

describe('the interval', () => {
  /** How often it holds the temperature, in standard deviations off 95 %. */
  function deviation(trials: number, textOf: (trial: number) => Place[], temperature: number) {
    let held = 0;
    for (let trial = 0; trial < trials; trial++) {
      const { low, high } = calibrated(textOf(trial)).interval!;
      if (low <= temperature && temperature <= high) held++;
    }
    return (held - 0.95 * trials) / Math.sqrt(0.95 * 0.05 * trials);
  }
  const rowOf = (trial: number) => (place: number) =>
    Float32Array.from({ length: 6 }, (_, i) => 6 * uniform(trial, 1, 6 * place + i));

  it('holds the temperature in 95 of 100 texts', () => {
    const textOf = (trial: number) => textAt(1.6, 100, rowOf(trial), trial);
    expect(Math.abs(deviation(200, textOf, 1.6))).toBeLessThan(3.3);
  });

  it('holds it nearly as often where tokens depend on each other', () => {
    // Ten places in a row have the same logits and, mostly, the same token.
    const textOf = (trial: number) => {
      const each = textAt(1.3, 40, rowOf(trial), trial);
      return Array.from({ length: 400 }, (_, i) => each[Math.floor(i / 10)]);
    };
    // Taken for independent ones, it would hold it in about half of them.
    expect(deviation(100, textOf, 1.3)).toBeGreaterThan(-5);
  });

  it('is around the temperature, scales with it, and is the same each time', () => {
    const text = textAt(1.3, 100);
    const { temperature, interval } = calibrated(text);
    expect(interval!.low).toBeLessThan(temperature);
    expect(interval!.high).toBeGreaterThan(temperature);
    expect(calibrated(text).interval).toEqual(interval);
    const doubled = calibrated(
      text.map(({ logits, target }) => ({ logits: logits.map((z) => 2 * z), target })),
    );
    expect(doubled.interval!.low / interval!.low).toBeCloseTo(2, 4);
    expect(doubled.interval!.high / interval!.high).toBeCloseTo(2, 4);
    const longer = calibrated(textAt(1.3, 1600)).interval!;
    const narrower = (longer.high - longer.low) / (interval!.high - interval!.low);
    expect(narrower).toBeGreaterThan(0.15);
    expect(narrower).toBeLessThan(0.4);
  });

  it('is of numbers for any text with a least loss, and absent for one without, or a short one', () => {
    let inside = 0;
    const length = fc.constantFrom(10, 11, 15, 16, 17);
    fc.assert(
      fc.property(places, length, (some, length) => {
        const text = Array.from({ length }, (_, i) => some[i % some.length]);
        const { temperature, interval } = calibrated(text);
        expect(calibrated(text.slice(0, 9)).interval).toBeUndefined();
        if (temperature === 0 || temperature === Infinity) expect(interval).toBeUndefined();
        if (interval === undefined) return;
        inside++;
        expect(interval.low).toBeGreaterThanOrEqual(0);
        expect(interval.low).toBeLessThanOrEqual(temperature * (1 + 1e-9));
        expect(interval.high).toBeGreaterThanOrEqual(temperature * (1 - 1e-9));
      }),
      { numRuns: 40 },
    );
    expect(inside).toBeGreaterThan(10);
  });
});

describe('reliability', () => {
  it('is counted in ten bins, by the likeliest token', () => {
    // The first token has 0.75 each time; it comes up twice in four times.
    const logits = Float32Array.of(Math.log(3), 0);
    const { before } = calibrated([0, 0, 1, 1].map((target) => ({ logits, target })));
    expect(before.calibrationError).toBeCloseTo(0.25, 6);
    expect(before.bins).toHaveLength(10);
    expect(before.bins.map(({ count }) => count)).toEqual([0, 0, 0, 0, 0, 0, 0, 4, 0, 0]);
    expect(before.bins[7]).toMatchObject({ low: 0.7, high: 0.8, accuracy: 0.5 });
    expect(before.bins[7].confidence).toBeCloseTo(0.75, 6);
  });

  it('is that of the definition', () => {
    const text = textAt(1.3, 300);
    const { before } = calibrated(text);
    const guesses = text.map(({ logits, target }) => {
      const p = softmax(logits);
      return { p: p[argmax(p)], correct: argmax(logits) === target };
    });
    let error = 0;
    for (let bin = 0; bin < 10; bin++) {
      const own = guesses.filter(({ p }) => p > bin / 10 && p <= (bin + 1) / 10);
      const right = own.filter(({ correct }) => correct).length;
      error += Math.abs(right - own.reduce((sum, { p }) => sum + p, 0));
      expect(before.bins[bin].count).toBe(own.length);
    }
    expect(before.calibrationError).toBeCloseTo(error / text.length, 6);
  });

  it('is better after, of a model that was too sure', () => {
    const rowAt = (place: number) => Float32Array.of(4 * uniform(5, 0, place), 0, 0, 0);
    const { before, after } = calibrated(textAt(2, 2000, rowAt));
    expect(before.calibrationError).toBeGreaterThan(0.1);
    expect(after.calibrationError).toBeLessThan(before.calibrationError / 3);
  });
});

describe('what cannot be calibrated', () => {
  it('is refused, and the rest remains', () => {
    const calibration = new Calibration();
    expect(() => calibration.fit()).toThrow('at least one token, got none');
    expect(() => calibration.add(Float32Array.of(1, Number.NaN), 0)).toThrow('NaN at index 1');
    expect(() => calibration.add(Float32Array.of(1, 2), 2)).toThrow('target must be an integer');
    expect(() => calibration.add(Float32Array.of(1, -Infinity), 1)).toThrow(
      'target must have a finite logit, got 1 with -Infinity',
    );
    expect(calibration.length).toBe(0);
    calibration.add(Float32Array.of(1, 2), 1);
    expect(calibration.fit().temperature).toBe(0);
  });

  it('does not change the row, nor keep it', () => {
    const logits = Float32Array.of(1, 0, -1);
    const calibration = new Calibration();
    calibration.add(logits, 1);
    expect(logits).toEqual(Float32Array.of(1, 0, -1));
    const before = calibration.fit();
    logits.fill(5);
    expect(calibration.fit()).toEqual(before);
  });
});
