import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visible } from '../../../src/ui/terminal/visible.ts';
import { textWidth } from '../../../src/ui/terminal/width.ts';

describe('a text made visible', () => {
  it.each([
    ['lit', 'lit', 'lit'],
    [' lit', '·lit', '_lit'],
    ['two words ', 'two words·', 'two words_'],
    ['  ', '··', '__'],
    ['', '', ''],
    ['\n', '⏎', '\\n'],
    ['a\r\n\tb', 'a␍⏎⇥b', 'a\\r\\n\\tb'],
    ['\u001B[2J', '␛[2J', '\\e[2J'],
    ['\u0007\u0000', '␇␀', '\\x07\\x00'],
    ['\u007F', '␡', '\\x7f'],
    ['\u009B', '<U+009B>', '\\x9b'],
    ['\u202Eevil', '<U+202E>evil', '\\u202eevil'],
    ['\u200B', '<U+200B>', '\\u200b'],
    ['a\u200Db', 'a<U+200D>b', 'a\\u200db'],
    ['\uD800', '<U+D800>', '\\ud800'],
    ['\uE000', '<U+E000>', '\\ue000'],
    ['\u{E0041}', '<U+E0041>', '\\u{e0041}'],
    ['\u0378', '<U+0378>', '\\u0378'],
    ['\u2028', '<U+2028>', '\\u2028'],
    ['\u00A0x', '<U+00A0>x', '\\xa0x'],
    ['\u0301', '\u25CC\u0301', 'o\u0301'],
    ['e\u0301', 'e\u0301', 'e\u0301'],
    ['👩‍👩‍👧‍👦', '👩‍👩‍👧‍👦', '👩‍👩‍👧‍👦'],
    ['❤️', '❤️', '❤️'],
    ['日本語', '日本語', '日本語'],
  ])('%j: %s, in ASCII %s', (text, unicode, ascii) => {
    expect(visible(text, 'unicode')).toBe(unicode);
    expect(visible(text, 'ascii')).toBe(ascii);
  });

  it('has a sign for all of its spaces, or none, if asked', () => {
    expect(visible(' a b ', 'unicode', 'all')).toBe('·a·b·');
    expect(visible(' a b ', 'unicode', 'none')).toBe(' a b ');
    expect(visible('plain words', 'unicode', 'all')).toBe('plain·words');
  });

  const characters = fc.oneof(
    fc.integer({ min: 0, max: 0x10ffff }).map((code) => String.fromCodePoint(code)),
    fc.integer({ min: 0, max: 0x2ff }).map((code) => String.fromCodePoint(code)),
    fc.integer({ min: 0x2000, max: 0x206f }).map((code) => String.fromCodePoint(code)),
    fc.integer({ min: 0xfe00, max: 0xfeff }).map((code) => String.fromCodePoint(code)),
  );

  it('holds no control or direction character and nothing without width', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: characters, minLength: 1, maxLength: 8 }),
        fc.constantFrom('unicode' as const, 'ascii' as const),
        fc.constantFrom('edges' as const, 'all' as const, 'none' as const),
        (text, glyphs, spaces) => {
          const seen = visible(text, glyphs, spaces);
          expect(seen).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/u);
          expect(textWidth(seen)).toBeGreaterThan(0);
        },
      ),
      { numRuns: 5000 },
    );
  });

  it('is visible for every character of the planes in use', () => {
    for (let code = 0; code <= 0x1ffff; code++) {
      const seen = visible(String.fromCodePoint(code), 'unicode');
      if (textWidth(seen) === 0) expect.fail(`U+${code.toString(16)} has no width`);
    }
  });
});
