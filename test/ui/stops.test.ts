import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stopScale, turnStops } from '../../src/ui/stops.ts';

const stops = [0, 0.5, 1, 2, Infinity];

describe('turnStops', () => {
  it.each([
    [0.5, 1, 1],
    [0.5, -1, 0],
    [0.7, 1, 1],
    [0.7, -1, 0.5],
    [0.7, 2, 2],
    [0, -3, 0],
    [2, 9, Infinity],
    [Infinity, -1, 2],
    [1000, -1, 2],
    [0.7, 0, 0.7],
  ])('from %f by %i to %f', (value, steps, to) => {
    expect(turnStops(stops, value, steps)).toBe(to);
  });

  it('never moves against the turn, not even from beyond the last stop', () => {
    expect(turnStops([1, 2, 3], 7, 1)).toBe(7);
    expect(turnStops([1, 2, 3], 0.1, -1)).toBe(0.1);
    expect(turnStops([1, 2, 3], 7, -1)).toBe(3);
    expect(turnStops([1, 2, 3], 0.1, 1)).toBe(1);
  });

  it('goes as far in one turn as in many', () => {
    const steps = fc.integer({ min: 1, max: 6 });
    fc.assert(
      fc.property(fc.double({ min: 0, noNaN: true }), steps, fc.boolean(), (value, n, isUp) => {
        const one = isUp ? 1 : -1;
        let many = value;
        for (let i = 0; i < n; i++) many = turnStops(stops, many, one);
        expect(turnStops(stops, value, n * one)).toBe(many);
      }),
    );
  });
});

it('places stops evenly, and what lies between them in between', () => {
  expect(stops.map((stop) => stopScale(stops, stop))).toEqual([0, 0.25, 0.5, 0.75, 1]);
  expect(stopScale(stops, 0.6)).toBe(0.375);
});
