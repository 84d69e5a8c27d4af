import fc from 'fast-check';
import { expect, it } from 'vitest';
import { layout } from '../../src/ui/layout.ts';

/** Status, three rules and the keys. */
const FRAME = 5;

it('fills every screen with panes that are side by side', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 80, max: 300 }),
      fc.integer({ min: 24, max: 100 }),
      (width, height) => {
        const { top, middle, strip, candidates, knobs, numbers } = layout({ width, height });
        expect(top + middle + strip + FRAME).toBe(height);
        // Text wins over plots.
        expect(top).toBeGreaterThan(middle);
        expect(width - candidates).toBeGreaterThan(candidates);
        expect(width - knobs - numbers).toBeGreaterThanOrEqual(30);
      },
    ),
  );
});

it('has a row for each knob from 30 rows on', () => {
  // Two rows of it are numbers and one is the order.
  expect(layout({ width: 80, height: 30 }).middle - 3).toBe(6);
});
