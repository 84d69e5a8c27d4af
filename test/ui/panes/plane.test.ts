import fc from 'fast-check';
import { entropy, log, softmax } from 'kelvin/sampling';
import { describe, expect, it } from 'vitest';
import { drawPlane, type PlanePane, planeRange } from '../../../src/ui/panes/plane.ts';
import { drawRealised } from '../../../src/ui/panes/realised.ts';
import { anyNumber, expectAscii, expectExact, rowsOf, styled, textOf } from '../rows.ts';

// A thousand tokens as a language has them: the n-th is about 1/n as likely as the first.
const scores = Array.from({ length: 1000 }, (_, i) => 8 - 1.3 * Math.log(i + 1));
const raw = softmax(scores);
const tradeOff = (temperature: number) => {
  const shaped = softmax(scores.map((z) => z / temperature));
  const coherence = shaped.reduce((sum, q, i) => sum + q * log(raw[i]!), 0);
  return { temperature, diversity: entropy(shaped), coherence };
};
const temperatures = Array.from({ length: 31 }, (_, i) => (i + 1) / (31.5 - i));
const curve = [
  { temperature: 0, diversity: 0, coherence: log(raw[0]!) },
  ...temperatures.map(tradeOff),
  { ...tradeOff(1e12), temperature: Infinity },
];
const pane: PlanePane = {
  curve,
  now: tradeOff(0.8),
  trail: [
    { diversity: 0.2, coherence: -0.4 },
    { diversity: 1, coherence: -3 },
  ],
  reference: { diversity: 2.5, coherence: -4.5 },
  band: { low: 2, high: 3.5 },
};

describe('drawPlane', () => {
  it('draws the curve, its temperatures, the point now, the trail and the prompt', () => {
    expect(rowsOf(drawPlane(pane, { width: 50, height: 12 }, 'unicode'))).toMatchInlineSnapshot(`
      [
        "    0│  ∙          ● now  ∙ last tokens  ◆ prompt",
        "     │",
        " −1.5│⠒⠒⠒⠤⠤⠤⢄⣀⣀○τ.5",
        "     │         ⠈⠉⠉⠒⠒⠤⠤⣀⣀",
        "     │                  ⠉⠑⠒⠢⠤●⣀",
        "   −3│         ∙               ⠉⠑⠒⠤⢄⣀",
        "     │                               ⠉⠑⠢⠠○τ1",
        "     │                                    ⠈⠐⠐⠠⢀",
        " −4.5│                       ◆                 ⠈⠐⠐",
        "     │",
        "   −6│",
        "     └1─────────3────────━━10━━━━━━━━30━───────100",
      ]
    `);
    expect(rowsOf(drawPlane(pane, { width: 33, height: 8 }, 'unicode'))).toMatchInlineSnapshot(`
      [
        "    0│ ∙    τ.5",
        "     │⠤⠤⠤⢤⣀○⡀",
        "     │      ⠈⠉⠑⠒⠒⠤⢄⣀",
        "   −3│      ∙       ●⠑⠒⠢⢤⣀  τ1",
        "     │                    ⠉○⠂⠄⣀",
        " −4.5│              ◆          ⠈⠐",
        "     │",
        "     └1─────3────━10━━━━30━───100",
      ]
    `);
    expect(rowsOf(drawPlane(pane, { width: 50, height: 10 }, 'ascii'))).toMatchInlineSnapshot(`
      [
        "    0|  *          @ now  * last tokens  # prompt",
        "     |..        t.5",
        " -1.5| ''''''''o......",
        "     |               '''''...@",
        "   -3|         *              ''''....    t1",
        "     |                                '''o..",
        " -4.5|                       #              '''...",
        "     |",
        "   -6|",
        "     +1---------3--------==10========30=-------100",
      ]
    `);
  });

  it('writes the numbers out where there is no room for axes', () => {
    const now = { diversity: Math.log(6.3), coherence: -2.07 };
    expect(rowsOf(drawPlane({ ...pane, now }, { width: 18, height: 2 }, 'unicode'))).toEqual([
      ' choices 6.3',
      ' coherence −2.07',
    ]);
  });

  it('keeps what is outside its range at the edge', () => {
    const far = { diversity: 50, coherence: -5000 };
    const range = { choices: 30, depth: 4 };
    const rows = rowsOf(
      drawPlane({ ...pane, now: far, range }, { width: 40, height: 8 }, 'unicode'),
    );
    expect(rows[6]).toMatch(/●$/);
    expect(rows[6]).toHaveLength(40);
  });

  it('shows the last 16 of a longer trail, and the point now over it', () => {
    const trail = Array.from({ length: 40 }, (_, i) => ({
      diversity: 0.1 * i,
      coherence: -0.2 * i,
    }));
    const lines = drawPlane(
      { curve: [], trail, now: trail[39] },
      { width: 120, height: 40 },
      'unicode',
    );
    expect(styled(lines, 'trail').join('')).toHaveLength(15);
    expect(styled(lines, 'now')).toEqual(['●']);
  });

  it('draws nothing but axes without anything to show', () => {
    const lines = drawPlane({ curve: [], trail: [] }, { width: 24, height: 6 }, 'unicode');
    expect(styled(lines, 'curve')).toEqual([]);
    expect(textOf(lines[5]!)).toBe('     └1────3─────10───30');
  });

  it('marks the band on the axis', () => {
    const lines = drawPlane(pane, { width: 60, height: 8 }, 'unicode');
    const bottom = textOf(lines[7]!);
    expect(bottom.indexOf('━')).toBeGreaterThan(bottom.indexOf('3'));
    expect(bottom.lastIndexOf('━')).toBeLessThan(bottom.indexOf('100'));
  });

  const point = fc.record({ diversity: anyNumber, coherence: anyNumber });
  it('fills any size exactly, whatever the numbers', () => {
    expectExact(
      drawPlane,
      fc.record({
        curve: fc.array(
          fc.record({ temperature: anyNumber, diversity: anyNumber, coherence: anyNumber }),
        ),
        now: fc.option(point, { nil: undefined }),
        trail: fc.array(point),
        reference: fc.option(point, { nil: undefined }),
        band: fc.option(fc.record({ low: anyNumber, high: anyNumber }), { nil: undefined }),
        runs: fc.option(fc.array(point), { nil: undefined }),
      }),
    );
    expectExact(drawPlane, fc.constant(pane));
  });

  it('is ASCII on an ASCII terminal', () => {
    expectAscii(drawPlane, { ...pane, runs: [{ diversity: 1, coherence: -1 }] });
  });
});

describe('planeRange', () => {
  const at = (diversity: number, coherence: number): PlanePane => ({
    curve: [],
    trail: [],
    now: { diversity, coherence },
  });

  it('goes in coarse steps', () => {
    expect(planeRange(at(Math.log(50), -5))).toEqual({ choices: 100, depth: 6 });
    expect(planeRange(at(Math.log(99), -6))).toEqual({ choices: 100, depth: 6 });
    expect(planeRange(at(Math.log(101), -6.1))).toEqual({ choices: 300, depth: 8 });
  });

  it('grows at once, and shrinks only by two steps', () => {
    const before = { choices: 300, depth: 8 };
    expect(planeRange(at(Math.log(5000), -30), before)).toEqual({ choices: 10_000, depth: 32 });
    expect(planeRange(at(Math.log(99), -5), before)).toEqual(before);
    expect(planeRange(at(Math.log(9), -1), before)).toEqual({ choices: 30, depth: 4 });
  });

  it('shows the curve up to temperature 1, not its far end', () => {
    const { choices } = planeRange({ curve, trail: [] });
    expect(choices).toBeGreaterThanOrEqual(Math.exp(tradeOff(1).diversity));
    expect(choices).toBeLessThan(1000);
  });
});

describe('drawRealised', () => {
  const points = [0.4, 0.8, 1.2].map((t) => ({
    label: `τ ${t}`,
    diversity: 0.3 + 0.5 * t,
    coherence: -2.2 * t,
  }));
  const realised = { points, now: { diversity: 0.93, coherence: -2.4 } };

  it('draws measured runs with their labels, on axes that say what they are', () => {
    expect(
      rowsOf(drawRealised(realised, { width: 62, height: 10 }, 'unicode')),
    ).toMatchInlineSnapshot(`
      [
        "    0│ text as written: mean ln p × diversity, last 256 tokens",
        "     │ ● this text  ○ sweep",
        "   −1│                            ○τ 0.4",
        "     │                                       ○τ 0.8",
        "   −2│",
        "     │                                             τ 1.2○●",
        "   −3│",
        "     │",
        "   −4│",
        "     └0───────────0.25───────────0.5─────────0.75────────────1",
      ]
    `);
  });

  it('fills any size exactly, whatever the numbers', () => {
    const point = fc.record({ diversity: anyNumber, coherence: anyNumber });
    const labelled = fc.record({
      label: fc.constantFrom('τ 0.8', '', 'a very long label of a run that was measured'),
      diversity: anyNumber,
      coherence: anyNumber,
    });
    expectExact(
      drawRealised,
      fc.record({
        points: fc.array(labelled),
        now: fc.option(point, { nil: undefined }),
        reference: fc.option(point, { nil: undefined }),
      }),
    );
  });

  it('is ASCII on an ASCII terminal', () => {
    expectAscii(drawRealised, realised);
  });
});
