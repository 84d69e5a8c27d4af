import { expect, it } from 'vitest';
import { matchKeys } from '../../../src/ui/key-names.ts';
import { typed } from '../../../src/ui/state/typed.ts';

const none = {} as Parameters<typeof matchKeys>[1];
const keysOf = (text: string, mode: 'edit' | 'pause') =>
  typed(matchKeys(text, none), text, mode).map(({ key, input }) => [key, input]);

it('are keys one after another, each with what was typed', () => {
  expect(keysOf('t T\r', 'pause')).toEqual([
    ['t', 't'],
    ['space', ' '],
    ['T', 'T'],
    ['return', '\r'],
  ]);
});

it('is one text where one is being written, and Return at its end', () => {
  expect(keysOf('a b', 'edit')).toEqual([['paste', 'a b']]);
  expect(keysOf('👩‍👧', 'edit')).toEqual([['paste', '👩‍👧']]);
  expect(keysOf('a\rb\r', 'edit')).toEqual([
    ['paste', 'a\rb'],
    ['return', '\r'],
  ]);
  expect(keysOf('a', 'edit')).toEqual([['a', 'a']]);
  expect(keysOf(' ', 'edit')).toEqual([['space', ' ']]);
  expect(keysOf('\r', 'edit')).toEqual([['return', '\r']]);
  expect(keysOf('', 'edit')).toEqual([]);
});

it('never hides a key in a text', () => {
  expect(keysOf('ab\u0003', 'edit').at(-1)).toEqual(['ctrl-c', '\u0003']);
  expect(keysOf('ab\u007F', 'edit').at(-1)).toEqual(['backspace', '\u007F']);
});
