import type { Key } from 'ink';
import { describe, expect, it } from 'vitest';
import { Paste } from '../../../src/ui/terminal/paste.ts';

/** What Ink 6.8 tells of an event: what was typed, and which key. */
type Told = readonly [input: string, key?: Partial<Key>];

const BEGIN: Told = ['[200~'];
const END: Told = ['[201~'];

const take = (paste: Paste, [input, key = {}]: Told) => paste.take(input, key as Key);

describe('a paste', () => {
  it.each<[string, readonly Told[], string]>([
    ['in one piece', [['q is text', {}]], 'q is text'],
    [
      'in several',
      [
        ['one ', {}],
        ['two', {}],
      ],
      'one two',
    ],
    ['of nothing', [], ''],
    ['with line breaks of all kinds', [['a\rb\r\nc\nd', {}]], 'a\nb\nc\nd'],
    ['of one line break', [['', { return: true }]], '\n'],
    ['of one tab', [['', { tab: true }]], '\t'],
    [
      'with keys in it',
      [
        ['a', {}],
        ['', { upArrow: true }],
        ['b', { meta: true }],
        ['z', {}],
      ],
      'az',
    ],
  ])('%s is one text', (_, events, text) => {
    const paste = new Paste();
    expect(take(paste, BEGIN)).toBeUndefined();
    for (const event of events) {
      expect(take(paste, event)).toBeUndefined();
      expect(paste.isOpen).toBe(true);
    }
    expect(take(paste, END)).toBe(text);
    expect(paste.isOpen).toBe(false);
  });

  it('is nothing where there is an end alone', () => {
    const paste = new Paste();
    expect(take(paste, END)).toBeUndefined();
    expect(paste.isOpen).toBe(false);
  });

  it('leaves nothing to the next one', () => {
    const paste = new Paste();
    const events: Told[] = [BEGIN, ['one'], END, BEGIN, ['two'], END];
    expect(events.map((event) => take(paste, event)).filter((text) => text !== undefined)).toEqual([
      'one',
      'two',
    ]);
  });

  it('can be dropped', () => {
    const paste = new Paste();
    for (const event of [BEGIN, ['lost']] as Told[]) take(paste, event);
    paste.drop();
    expect(paste.isOpen).toBe(false);
    expect(take(paste, END)).toBeUndefined();
  });
});
