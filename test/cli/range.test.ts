import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readSweep, settingsOf } from '../../src/cli/sweep/axes.ts';
import { readRange } from '../../src/cli/sweep/range.ts';
import { extentOf } from '../../src/cli/sweep/ticks.ts';
import { samplingOptions } from '../../src/sampling/index.ts';

const temperatures = (text: string) =>
  readRange(text, '--temperatures', samplingOptions.temperature);

describe('a range', () => {
  it.each([
    ['0:2:0.5', [0, 0.5, 1, 1.5, 2]],
    ['0:1:0.3', [0, 0.3, 0.6, 0.9]],
    ['0.7:0.7:1', [0.7]],
    [' 0.1 : 0.3 : 0.1 ', [0.1, 0.2, 0.3]],
    ['1e-3:2e-3:5e-4', [0.001, 0.0015, 0.002]],
    ['0.25:1:0.25', [0.25, 0.5, 0.75, 1]],
    ['1', [1]],
    ['0.5, 1,inf', [0.5, 1, Number.POSITIVE_INFINITY]],
    ['2,1', [2, 1]],
  ])('%s', (text, values) => {
    expect(temperatures(text)).toEqual(values);
  });

  it('has both ends, however its step is in binary', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 500 }),
        fc.integer({ min: 0, max: 300 }),
        fc.integer({ min: 1, max: 99 }),
        (first, steps, step) => {
          const decimal = (hundredths: number) => String(hundredths / 100);
          const values = temperatures(
            `${decimal(first)}:${decimal(first + steps * step)}:${decimal(step)}`,
          );
          const exact = Array.from({ length: steps + 1 }, (_, i) => (first + i * step) / 100);
          expect(values).toEqual(exact);
        },
      ),
    );
  });

  it.each([
    ['2:0:0.1', 'from ≤ to and step > 0'],
    ['0:2:0', 'from ≤ to and step > 0'],
    ['0:2:-0.1', 'from ≤ to and step > 0'],
    ['0:2', 'from ≤ to and step > 0'],
    ['0:2:0.1:3', 'from ≤ to and step > 0'],
    ['0:inf:1', 'from ≤ to and step > 0'],
    ['a:b:c', 'from ≤ to and step > 0'],
    ['0:2:0.0001', 'at most 10000 values, got "0:2:0.0001", which has 20001'],
    ['0:1e300:1e-300', 'from ≤ to and step > 0'],
    ['', 'a number in [0, Infinity], got ""'],
    ['0.5,,1', 'a number in [0, Infinity], got ""'],
    ['-1:1:0.5', 'a number in [0, Infinity], got -1'],
    ['1,0.5,1', 'names 1 twice'],
  ])('%s is refused', (text, message) => {
    expect(() => temperatures(text)).toThrow(message);
    expect(() => temperatures(text)).toThrow('--temperatures');
  });
});

describe('axes', () => {
  it('are of any numeric option, by its flag', () => {
    const axes = readSweep('top-k=10,20', readSweep('top-n-sigma=0.5:1:0.5'));
    expect(axes).toEqual({ topNSigma: [0.5, 1], topK: [10, 20] });
    expect(settingsOf(undefined, axes, {})).toHaveLength(4);
    expect(settingsOf([1], axes, {})[0]).toEqual({ temperature: 1, topNSigma: 0.5, topK: 10 });
  });

  it('go by the short name of a flag too', () => {
    const axes = readSweep('temp=0.5,0.7');
    expect(axes).toEqual({ temperature: [0.5, 0.7] });
    expect(() => readSweep('temperature=1', axes)).toThrow('--sweep names temperature twice');
    expect(() => readSweep('temp=-1')).toThrow('--sweep temp must be a number in [0, Infinity]');
  });

  it('are 21 temperatures where none are given', () => {
    const settings = settingsOf(undefined, undefined, {});
    expect(settings).toHaveLength(21);
    expect(settings[3]).toEqual({ temperature: 0.3 });
    expect(settings.at(-1)).toEqual({ temperature: 2 });
  });

  it.each([
    ['seed=1:3:1', '--sweep must be option=from:to:step or option=values, with an option of '],
    ['dry=1', '--sweep must be option='],
    ['topP=0.5', '--sweep must be option='],
    ['0:2:0.1', '--sweep must be option='],
    ['min-new-tokens=1:2:0.5', '--sweep min-new-tokens must be an integer ≥ 0, got 1.5'],
    ['top-p=0:2:0.5', '--sweep top-p must be a number in [0, 1], got 1.5'],
    ['top-k=3', '--sweep names top-k twice'],
  ])('%s is refused', (text, message) => {
    expect(() => readSweep(text, { topK: [1] })).toThrow(message);
  });

  it('refuse an option that is both swept and set, and too many settings', () => {
    expect(() => settingsOf([1], { temperature: [2] }, {})).toThrow(
      '--temperatures must be absent',
    );
    expect(() => settingsOf(undefined, undefined, { temperature: 1 })).toThrow(
      '--temperature must be absent where temperature is swept, got 1',
    );
    const topK = Array.from({ length: 101 }, (_, i) => i);
    expect(() => settingsOf(topK.slice(0, 100), { topK }, {})).toThrow(
      'at most 10000 settings, got 10100',
    );
  });
});

it('an axis has its values between round numbers', () => {
  const value = fc.double({ min: -100, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.array(value, { minLength: 1 }),
      fc.integer({ min: 2, max: 9 }),
      (values, count) => {
        const { from, to, ticks } = extentOf(values, count);
        const slack = 1e-6 * (to - from);
        expect(from).toBeLessThanOrEqual(Math.min(...values) + slack);
        expect(to).toBeGreaterThanOrEqual(Math.max(...values) - slack);
        expect(to).toBeGreaterThan(from);
        expect(ticks.length).toBeGreaterThanOrEqual(2);
        expect(ticks.length).toBeLessThanOrEqual(count + 2);
        expect(new Set(ticks.map(({ text }) => text)).size).toBe(ticks.length);
      },
    ),
  );
});

it('an axis of a single value does not go beyond it', () => {
  for (const value of [1, 0, -0.3]) {
    const { from, to } = extentOf([value, value], 6);
    expect(from).toBeLessThan(value);
    expect(to).toBe(value);
  }
});
