import fc from 'fast-check';
import { expect, it } from 'vitest';
import { drawMenu } from '../../../src/ui/panes/menu.ts';
import { anyText, expectExact, rowsOf } from '../rows.ts';

it('shows all of what would be chosen, broken between words', () => {
  const items = [
    { label: 'the session', preview: '60 tokens in 1 branch.\nkelvin replay writes it again.' },
    { label: 'the settings' },
  ];
  const menu = { title: 'write', items, index: 0 };
  expect(rowsOf(drawMenu(menu, { width: 20, height: 8 }, 'unicode'))).toEqual([
    '─ write ────────────',
    ' ▸ the session',
    '   the settings',
    '────────────────────',
    ' 60 tokens in 1',
    ' branch.',
    ' kelvin replay',
    ' writes it again.',
  ]);
});

it('fills its room whatever there is to choose', () => {
  const item = fc.record({ label: anyText, preview: anyText });
  expectExact(
    drawMenu,
    fc.record({
      title: fc.constant('write'),
      items: fc.array(item, { minLength: 1, maxLength: 5 }),
      index: fc.constant(0),
    }),
  );
});
