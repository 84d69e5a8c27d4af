import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Line, Style } from '../../../src/ui/line.ts';
import { row } from '../../../src/ui/panes/row.ts';
import { compose, difference, type Placed } from '../../../src/ui/terminal/compose.ts';
import { createTheme, paint } from '../../../src/ui/terminal/theme.ts';
import { Headless } from './headless.ts';

const theme = createTheme('256', 'dark');
const styles: Style[] = ['plain', 'bold', 'selected', 'surprisal2', 'surprisal4', 'rule'];
const span = fc.record({
  text: fc.string({ unit: fc.constantFrom('a', 'B', ' ', '─', '中', 'é', '▄'), maxLength: 30 }),
  style: fc.constantFrom(...styles),
});
const lines = fc.array(fc.array(span, { maxLength: 4 }), { minLength: 12, maxLength: 12 });

/** A screen: how large, Ink's rows, and two panes with a share of the height, or none. */
const scene = fc.record({
  columns: fc.integer({ min: 4, max: 40 }),
  rows: fc.integer({ min: 1, max: 12 }),
  frame: lines,
  panes: fc.option(fc.record({ left: lines, right: lines, top: fc.nat(5), height: fc.nat(8) })),
  resized: fc.boolean(),
});
type Scene = typeof scene extends fc.Arbitrary<infer T> ? T : never;

function rowsOf({ columns, rows, frame, panes }: Scene): string[] {
  const painted = (all: readonly Line[], width: number) =>
    all.map((line) => paint(row(line, width), theme));
  const placed: Placed[] = [];
  if (panes) {
    const half = Math.floor(columns / 2);
    const { top, height } = panes;
    placed.push(
      {
        rect: { left: half, top, width: columns - half, height },
        rows: painted(panes.right, columns - half),
      },
      { rect: { left: 0, top, width: half, height }, rows: painted(panes.left, half) },
    );
  }
  const ink = frame.map((line) => paint(line, theme));
  return compose(ink, placed, rows);
}

describe('the difference of two screens', () => {
  it('leaves the same as a full repaint, through any frames, overlays and sizes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(scene, { minLength: 2, maxLength: 8 }), async (scenes) => {
        const terminal = new Headless(scenes[0].columns, scenes[0].rows);
        let shown: string[] = [];
        let { columns, rows } = terminal;
        for (const next of scenes) {
          if (next.resized) {
            ({ columns, rows } = next);
            await terminal.resize(columns, rows);
            shown = [];
          }
          const after = rowsOf({ ...next, columns, rows });
          const changes = difference(shown, after);
          expect(changes).not.toContain('\u001B[2J');
          expect(changes.match(/;1H/g)?.length ?? 0).toBeLessThanOrEqual(rows);
          terminal.write(changes);
          shown = after;
        }
        const fresh = new Headless(columns, rows);
        fresh.write(difference([], shown));
        expect(await terminal.cells()).toEqual(await fresh.cells());
      }),
      { numRuns: 150 },
    );
  });

  it('is one synchronised write of the changed rows alone', () => {
    expect(difference(['a', 'b', 'c'], ['a', 'x', 'c'])).toBe(
      '\u001B[?2026h\u001B[2;1H\u001B[m\u001B[Kx\u001B[?2026l',
    );
    expect(difference(['a'], ['a'])).toBe('');
  });

  it('repaints rows that may show anything', () => {
    expect(difference([undefined, 'b'], ['', 'b'])).toContain('\u001B[1;1H');
  });
});

describe('a composed screen', () => {
  const pane = (left: number, top: number, text: string): Placed => ({
    rect: { left, top, width: text.length, height: 1 },
    rows: [text],
  });

  it('puts panes side by side by column, whatever order they come in', async () => {
    const terminal = new Headless(12, 3);
    const rows = compose(['ink', 'never', 'more ink'], [pane(8, 1, 'xy'), pane(0, 1, 'abc')], 3);
    terminal.write(difference([], rows));
    expect(await terminal.screen()).toEqual(['ink', 'abc     xy', 'more ink']);
  });

  it('keeps the last column of a full row', async () => {
    const terminal = new Headless(5, 2);
    terminal.write(difference([], ['12345', '67890']));
    terminal.write(difference(['12345', '67890'], ['abcde', '67890']));
    expect(await terminal.screen()).toEqual(['abcde', '67890']);
  });
});
