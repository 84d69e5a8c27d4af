import fc from 'fast-check';
import { philox4x32, uniform, type Words2, type Words4 } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';

const words = (hex: string) => hex.split(' ').map((word) => Number.parseInt(word, 16));

describe('philox4x32', () => {
  // Random123, tests/kat_vectors: the lines "philox4x32 10 ...".
  it.each([
    [
      '00000000 00000000 00000000 00000000',
      '00000000 00000000',
      '6627e8d5 e169c58d bc57ac4c 9b00dbd8',
    ],
    [
      'ffffffff ffffffff ffffffff ffffffff',
      'ffffffff ffffffff',
      '408f276d 41c83b0e a20bc7c6 6d5451fd',
    ],
    [
      '243f6a88 85a308d3 13198a2e 03707344',
      'a4093822 299f31d0',
      'd16cfe09 94fdcceb 5001e420 24126ea1',
    ],
  ])('of counter %s and key %s is %s', (counter, key, expected) => {
    expect(
      philox4x32(words(counter) as unknown as Words4, words(key) as unknown as Words2),
    ).toEqual(words(expected));
  });
});

describe('uniform', () => {
  it('lays seed, stream and step out as documented', () => {
    const fromWords = ([a, b]: Words4) => ((a >>> 5) * 2 ** 26 + (b >>> 6)) / 2 ** 53;
    expect(uniform(0, 0, 0)).toBe(fromWords(philox4x32([0, 0, 0, 0], [0, 0])));
    expect(uniform(7, 2, 5)).toBe(fromWords(philox4x32([5, 0, 2, 0], [7, 0])));
    expect(uniform(2 ** 32 + 3, 0, 2 ** 33)).toBe(fromWords(philox4x32([0, 2, 0, 0], [3, 1])));
    expect(uniform(-1, 0, 0)).toBe(fromWords(philox4x32([0, 0, 0, 0], [0xffffffff, 0xffffffff])));
    expect(uniform(-(2 ** 32), 0, 0)).toBe(fromWords(philox4x32([0, 0, 0, 0], [0, 0xffffffff])));
  });

  it('lies in [0, 1) and answers to every argument', () => {
    const seeds = fc.maxSafeInteger();
    fc.assert(
      fc.property(seeds, fc.nat(), fc.maxSafeNat(), (seed, stream, step) => {
        const u = uniform(seed, stream, step);
        expect(u).toBeGreaterThanOrEqual(0);
        expect(u).toBeLessThan(1);
        expect(uniform(seed, stream, step)).toBe(u);
        expect(uniform(seed, stream + 1, step)).not.toBe(u);
        expect(uniform(seed, stream, step > 0 ? step - 1 : 1)).not.toBe(u);
        expect(uniform(seed > 0 ? seed - 1 : seed + 1, stream, step)).not.toBe(u);
      }),
    );
  });

  it('is even, and uncorrelated from step to step and from seed to seed', () => {
    const n = 100_000;
    let mean = 0;
    let square = 0;
    let neighbours = 0;
    let seeds = 0;
    for (let step = 0; step < n; step++) {
      const u = uniform(11, 0, step) - 0.5;
      mean += u / n;
      square += (u * u) / n;
      neighbours += (u * (uniform(11, 0, step + 1) - 0.5)) / n;
      seeds += (u * (uniform(12, 0, step) - 0.5)) / n;
    }
    // Four standard errors each: of u, of u² and of a product of two.
    expect(Math.abs(mean)).toBeLessThan(4 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(square - 1 / 12)).toBeLessThan(4 * Math.sqrt(1 / 180 / n));
    expect(Math.abs(neighbours)).toBeLessThan(4 * Math.sqrt(1 / 144 / n));
    expect(Math.abs(seeds)).toBeLessThan(4 * Math.sqrt(1 / 144 / n));
  });

  it('refuses what is no seed, stream or step', () => {
    expect(() => uniform(0.5, 0, 0)).toThrow('seed must be an integer');
    expect(() => uniform(2 ** 53, 0, 0)).toThrow('seed');
    expect(() => uniform(0, -1, 0)).toThrow('stream');
    expect(() => uniform(0, 2 ** 32, 0)).toThrow('stream');
    expect(() => uniform(0, 0, -1)).toThrow('step');
    expect(() => uniform(0, 0, Number.NaN)).toThrow('step');
  });
});
