import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawHelp, helpOverflow } from '../../../src/ui/panes/help.ts';
import { drawRule } from '../../../src/ui/panes/rule.ts';
import { textWidth } from '../../../src/ui/terminal/width.ts';
import { expectAscii, expectExact, rowsOf, textOf } from '../rows.ts';

const rows = [
  { keys: 'space', help: 'play and pause' },
  { keys: '← →', help: 'rewind and step' },
  { keys: '↑ ↓', help: 'choose another token' },
  { keys: '⏎', help: 'write it and go on' },
  { keys: 't T', help: 'temperature' },
  { keys: 'q', help: 'quit' },
];

describe('drawHelp', () => {
  it('flows down one column and then the next', () => {
    expect(rowsOf(drawHelp({ rows }, { width: 70, height: 3 }, 'unicode'))).toEqual([
      ' space  play and pause              ⏎      write it and go on',
      ' ← →    rewind and step             t T    temperature',
      ' ↑ ↓    choose another token        q      quit',
    ]);
    expect(rowsOf(drawHelp({ rows }, { width: 70, height: 6 }, 'unicode'))).toHaveLength(6);
  });

  it('scrolls what has no room, as far as the end', () => {
    const size = { width: 30, height: 4 };
    const at = (offset: number) => rowsOf(drawHelp({ rows, offset }, size, 'unicode'));
    expect(at(0)).toEqual([
      ' space  play and pause',
      ' ← →    rewind and step',
      ' ↑ ↓    choose another token',
      ' ↓  rows 1 to 3 of 6',
    ]);
    expect(at(1).at(-1)).toBe(' ↑ ↓  rows 2 to 4 of 6');
    expect(helpOverflow(rows, size)).toBe(3);
    expect(at(99)).toEqual(at(3));
    expect(at(3)[2]).toBe(' q      quit');
  });

  it('shows every row at some offset, at any size', () => {
    const size = fc.record({
      width: fc.integer({ min: 40, max: 150 }),
      height: fc.integer({ min: 2, max: 9 }),
    });
    fc.assert(
      fc.property(size, (size) => {
        const seen = new Set<string>();
        for (let offset = 0; offset <= helpOverflow(rows, size); offset++)
          for (const row of rowsOf(drawHelp({ rows, offset }, size, 'unicode')))
            for (const { help } of rows) if (row.includes(help)) seen.add(help);
        expect(seen.size).toBe(rows.length);
      }),
    );
  });

  it('fills any size exactly', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 60 });
    const offset = fc.option(fc.integer({ min: -3, max: 99 }), { nil: undefined });
    const any = fc.array(fc.record({ keys: text, help: text }), { maxLength: 40 });
    expectExact(drawHelp, fc.record({ rows: any, offset }));
    expectExact(drawHelp, fc.constant({ rows }));
  });

  it('is ASCII on an ASCII terminal', () => {
    expectAscii(drawHelp, { rows });
  });
});

describe('drawRule', () => {
  it('has a title and a note over each pane', () => {
    const parts = [
      { width: 20, title: 'text' },
      { width: 33, title: 'next token', note: '6.3 choices', joint: 'down' as const },
    ];
    expect(textOf(drawRule(parts, 'unicode'))).toBe(
      '─ text ─────────────┬─ next token ────── 6.3 choices ─',
    );
    expect(textOf(drawRule(parts, 'ascii'))).toBe(
      '- text -------------+- next token ------ 6.3 choices -',
    );
  });

  it('lets walls end and go on', () => {
    const parts = [
      { width: 3 },
      { width: 3, joint: 'both' as const },
      { width: 2, joint: 'up' as const },
    ];
    expect(textOf(drawRule(parts, 'unicode'))).toBe('───┼───┴──');
    expect(textOf(drawRule([{ width: 2 }, { width: 2 }], 'unicode'))).toBe('─────');
  });

  it('leaves the note out, then cuts the title, where there is no room', () => {
    const part = { title: 'next token', note: '6.3 choices' };
    expect(textOf(drawRule([{ ...part, width: 20 }], 'unicode'))).toBe('─ next token ───────');
    expect(textOf(drawRule([{ ...part, width: 8 }], 'unicode'))).toBe('─ next t');
  });

  it('has as many cells as its panes, and one between any two', () => {
    const part = fc.record({
      width: fc.integer({ min: 0, max: 60 }),
      title: fc.string({ unit: 'grapheme', maxLength: 30 }),
      note: fc.string({ unit: 'grapheme', maxLength: 30 }),
      joint: fc.constantFrom(undefined, 'up' as const, 'down' as const, 'both' as const),
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
        const width = parts.reduce((sum, { width }) => sum + width, parts.length - 1);
        const line = drawRule(parts, 'unicode');
        expect(line.reduce((sum, { text }) => sum + textWidth(text), 0)).toBe(width);
      }),
    );
  });
});
