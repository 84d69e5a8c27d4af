import fc from 'fast-check';
import { parseSamplingOptions, type SamplingOptions, samplingOptions } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { createKnobs, turn, withKnobs, withOption } from '../../src/ui/knobs.ts';

const VOCABULARY = 50_257;
const knobs = createKnobs(VOCABULARY);
const knob = (option: string) => knobs.find((knob) => knob.option === option)!;
const anyKnob = fc.constantFrom(...knobs);
const turns = fc.array(fc.tuple(anyKnob, fc.integer({ min: -40, max: 40 })), { maxLength: 20 });
const turnedBy = (all: [(typeof knobs)[number], number][], from: SamplingOptions = {}) =>
  all.reduce((options, [knob, steps]) => turn(options, knob, steps), from);

describe('any knob', () => {
  it.each(knobs)('$option is off at its option’s default', ({ option, off }) => {
    expect(off).toBe(samplingOptions[option].default);
  });

  it('turned in any way gives options that a sampler takes', () => {
    fc.assert(
      fc.property(turns, (all) => {
        expect(() => parseSamplingOptions(turnedBy(all))).not.toThrow();
      }),
    );
  });

  it.each(knobs)('$option comes back to where it was, stop by stop', (knob) => {
    let options: SamplingOptions = turn({}, knob, -100);
    const way = [options];
    for (let i = 0; i < 100; i++) {
      options = turn(options, knob, 1);
      way.push(options);
    }
    const there = way.filter((at, i) => JSON.stringify(at) !== JSON.stringify(way[i - 1]));
    expect(there.length).toBeGreaterThan(8);
    for (const at of there.toReversed()) {
      expect(options).toEqual(at);
      options = turn(options, knob, -1);
    }
  });

  it.each(knobs)('$option moves its handle one way only, from end to end', (knob) => {
    const scales: number[] = [];
    let options = turn({}, knob, -100);
    for (let i = 0; i < 100; i++) {
      scales.push(knob.toScale(options[knob.option]));
      options = turn(options, knob, 1);
    }
    expect(scales[0]).toBe(0);
    expect(scales.at(-1)).toBe(1);
    expect(scales).toEqual(scales.toSorted((a, b) => a - b));
  });

  it.each(knobs)('$option that is off is absent', (knob) => {
    for (const steps of [-3, -1, 1, 3]) {
      const there = turn({}, knob, steps);
      if (Object.keys(there).length === 0) continue;
      expect(turn(there, knob, -steps)).toEqual({});
    }
  });

  it.each(knobs)('$option has no stop that a double makes ugly', (knob) => {
    let options = turn({}, knob, -100);
    for (let i = 0; i < 100; i++) {
      expect(String(options[knob.option] ?? 0)).toMatch(/^(\d{1,6}|\d\.\d{1,3}|Infinity)$/);
      options = turn(options, knob, 1);
    }
  });

  it.each(knobs)('$option stays inside its scale whatever it was set to', (knob) => {
    const legal = fc.double({ noNaN: true }).filter((value) => {
      try {
        return parseSamplingOptions({ [knob.option]: value }) !== undefined;
      } catch {
        return false;
      }
    });
    const values = knob.option === 'topK' ? fc.nat() : legal;
    fc.assert(
      fc.property(values, (value) => {
        const scale = knob.toScale(value);
        expect(scale).toBeGreaterThanOrEqual(0);
        expect(scale).toBeLessThanOrEqual(1);
        expect(knob.text(value)).not.toMatch(/NaN|undefined/);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the temperature knob', () => {
  const { toScale, turn: turned } = knob('temperature');

  it('has argmax at the left end, 1 in the centre and uniform at the right end', () => {
    expect([0, 1, undefined, Infinity].map(toScale)).toEqual([0, 0.5, 0.5, 1]);
    expect(toScale(0.25)).toBe(0.2);
  });

  it('goes to a neighbouring stop from a value that is none', () => {
    expect(turned(0.77, 1)).toBe(0.8);
    expect(turned(0.77, -1)).toBe(0.75);
    expect(turned(6, -1)).toBe(5);
    expect(turned(1e9, 1)).toBe(Infinity);
  });

  it('turns by a twentieth around common values', () => {
    expect([0.25, 0.7, 1].map((value) => turned(value, 1))).toEqual([0.3, 0.75, 1.05]);
  });
});

describe('the knobs of filters', () => {
  it('are weakest beside "off"', () => {
    expect(turn({}, knob('topK'), -1)).toEqual({ topK: 50_000 });
    expect(turn({}, knob('topP'), -1)).toEqual({ topP: 0.99 });
    expect(turn({}, knob('minP'), 1)).toEqual({ minP: 0.01 });
    expect(turn({}, knob('topNSigma'), -1)).toEqual({ topNSigma: 3 });
    expect(turn({}, knob('repetitionPenalty'), 1)).toEqual({ repetitionPenalty: 1.02 });
  });

  it('know how many tokens there are', () => {
    const [, topK] = createKnobs(100);
    expect(turn({}, topK!, -1)).toEqual({ topK: 80 });
    expect(turn({ topK: 80 }, topK!, 1)).toEqual({});
  });

  it('take a zero for "off"', () => {
    expect(turn({ topK: 0 }, knob('topK'), 1)).toEqual({});
    expect(knob('topK').text(0)).toBe('off');
  });
});

it('leaves to the sampler what does not go together', () => {
  const options = turn(
    { repetitionPenalty: 1.02, penaltyWindow: 64 },
    knob('repetitionPenalty'),
    -1,
  );
  expect(options).toEqual({ penaltyWindow: 64 });
  expect(() => parseSamplingOptions(options)).toThrow(/penaltyWindow must be -1 where/);
});

it('changes nothing it was given', () => {
  const given = Object.freeze({ temperature: 0.8, seed: 7 });
  expect(turn(given, knob('temperature'), 1)).toEqual({ temperature: 0.85, seed: 7 });
  expect(given).toEqual({ temperature: 0.8, seed: 7 });
});

it('writes values as they are', () => {
  const text = (option: string, value?: number) => knob(option).text(value);
  expect([0, 0.8, 0.775, 1, 1.5, 100, Infinity].map((t) => text('temperature', t))).toEqual([
    '0',
    '0.80',
    '0.775',
    '1',
    '1.50',
    '100',
    '∞',
  ]);
  expect([text('topK', 40), text('topP', 1), text('topP', 0.9999), text('minP', 1e-7)]).toEqual([
    '40',
    'off',
    '0.9999',
    '1.0e-7',
  ]);
});

it('sets knobs together and leaves other options alone', () => {
  const before = { topK: 5, repetitionPenalty: 1.1, dry: { multiplier: 1 }, seed: 7 };
  expect(withKnobs(before, { temperature: 0.5 })).toEqual({
    temperature: 0.5,
    dry: { multiplier: 1 },
    seed: 7,
  });
  expect(withOption({ order: 'temperature-last' }, 'order', 'temperature-first')).toEqual({});
});
