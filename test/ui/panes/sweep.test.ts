import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drawSweep, type SweepPane } from '../../../src/ui/panes/sweep.ts';
import { anyNumber, anyText, expectAscii, expectExact, rowsOf } from '../rows.ts';

const estimate = (mean: number) => ({ mean, low: mean - 0.03, high: mean + 0.04 });
const rows = [0, 0.4, 0.8, 1.2].map((t, i) => ({
  label: `τ ${t}`,
  diversity: estimate(0.2 + 0.2 * i),
  coherence: estimate(-0.5 - 0.7 * i),
  repetition: 0.6 - 0.14 * i,
  loops: 4 - i,
  example: 'Once upon a time\nthere was a robot',
}));
const pane: SweepPane = {
  progress: { done: 16, total: 48, etaMs: 71_200 },
  rows,
  best: { label: 'τ 0.8', why: "closest to the prompt's own point" },
  isRunning: true,
};

it('draws a table with intervals, progress and a recommendation', () => {
  expect(rowsOf(drawSweep(pane, { width: 110, height: 8 }, 'unicode'))).toMatchInlineSnapshot(`
    [
      " ██████████                     16/48 running, 1 min 12 s left  esc stops",
      "  setting             diversity            coherence  repeats  loops",
      "  τ 0          0.20 (0.17…0.24)  −0.50 (−0.53…−0.46)      60%      4  Once upon a time⏎there was a robot",
      "  τ 0.4        0.40 (0.37…0.44)  −1.20 (−1.23…−1.16)      46%      3  Once upon a time⏎there was a robot",
      "▸ τ 0.8        0.60 (0.57…0.64)  −1.90 (−1.93…−1.86)      32%      2  Once upon a time⏎there was a robot",
      "  τ 1.2        0.80 (0.77…0.84)  −2.60 (−2.63…−2.56)      18%      1  Once upon a time⏎there was a robot",
      "▸ best so far  τ 0.8  closest to the prompt's own point",
      "",
    ]
  `);
});

it('leaves out examples, intervals and columns where it is narrow', () => {
  expect(rowsOf(drawSweep(pane, { width: 46, height: 6 }, 'ascii'))).toMatchInlineSnapshot(`
    [
      " #####          16/48 running, 1 min 12 s left",
      "  setting  diversity coherence  repeats  loops",
      "  t 0.4         0.40     -1.20      46%      3",
      "> t 0.8         0.60     -1.90      32%      2",
      "  t 1.2         0.80     -2.60      18%      1",
      "> best so far  t 0.8  closest to the prompt's",
    ]
  `);
  expect(rowsOf(drawSweep(pane, { width: 24, height: 4 }, 'unicode'))).toMatchInlineSnapshot(`
    [
      " ███       16/48 running",
      "  set    div    coh",
      "▸ τ 0.8 0.60  −1.90",
      "▸ best so far  τ 0.8  cl",
    ]
  `);
});

it('says why a setting is the best, in rows of its own where it is long', () => {
  const best = { label: 'τ 0.8', why: 'the best product of diversity and probability' };
  const foot = (height: number) =>
    rowsOf(drawSweep({ ...pane, best }, { width: 40, height }, 'unicode')).slice(6);
  expect(foot(7)).toEqual(['▸ best so far  τ 0.8  the best product o']);
  expect(foot(9)).toEqual([
    '▸ best so far  τ 0.8',
    '  the best product of diversity and',
    '  probability',
  ]);
});

it('says how it ended', () => {
  const first = (pane: SweepPane) => rowsOf(drawSweep(pane, { width: 60, height: 8 }, 'ascii'))[0];
  expect(first({ ...pane, isRunning: false })).toBe(
    ' ##########                     16/48 stopped',
  );
  const all = { ...pane, isRunning: false, progress: { done: 48, total: 48 } };
  expect(first(all)).toBe(' ############################## 48/48 done');
});

it('keeps the best row in view', () => {
  const many = Array.from({ length: 50 }, (_, i) => ({ ...rows[0]!, label: `τ ${i}` }));
  const best = { label: 'τ 3', why: '' };
  const shown = rowsOf(
    drawSweep({ ...pane, rows: many, best }, { width: 60, height: 9 }, 'unicode'),
  );
  expect(shown[2]).toMatch(/^▸ τ 3 /);
  const { best: _, ...without } = pane;
  const latest = rowsOf(drawSweep({ ...without, rows: many }, { width: 60, height: 9 }, 'unicode'));
  expect(latest.at(-1)).toMatch(/^ {2}τ 49 /);
});

it('fills any size exactly, whatever the numbers and texts', () => {
  const estimate = fc.record({ mean: anyNumber, low: anyNumber, high: anyNumber });
  const row = fc.record({
    label: fc.constantFrom('τ 0.8', '', 'a label that is longer than any column is wide'),
    diversity: estimate,
    coherence: estimate,
    repetition: anyNumber,
    loops: anyNumber,
    example: anyText,
  });
  expectExact(
    drawSweep,
    fc.record({
      progress: fc.record({ done: fc.nat(99), total: fc.nat(99), etaMs: anyNumber }),
      rows: fc.array(row),
      best: fc.constantFrom(undefined, pane.best),
      isRunning: fc.boolean(),
    }),
  );
});

it('is ASCII on an ASCII terminal', () => {
  expectAscii(drawSweep, pane);
});
