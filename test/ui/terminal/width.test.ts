import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { fitText, textWidth } from '../../../src/ui/terminal/width.ts';

const pieces = [
  ...['a', 'Z', ' ', '~', 'é', 'e\u0301', 'ß', '中', '日本', 'ｶﾞ', '한', '각', '─', '█', '⣿'],
  ...['👩‍👩‍👧‍👦', '👍🏽', '🇩🇪', '❤️', '😀', '1️⃣', 'अनुच्छेद', 'ก็', '\u25CC\u0301', '…', '→'],
];
const text = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((all) => all.join(''));
const cells = fc.integer({ min: 0, max: 30 });

describe('the width of a text', () => {
  it.each([
    ['', 0],
    ['plain text', 10],
    ['日本', 4],
    ['e\u0301', 1],
    ['👩‍👩‍👧‍👦', 2],
    ['🇩🇪', 2],
    ['─█⣿', 3],
  ])('%j: %i', (sample, width) => {
    expect(textWidth(sample)).toBe(width);
  });

  it('is that of string-width, first seen or known', () => {
    fc.assert(
      fc.property(text, (sample) => {
        expect(textWidth(sample)).toBe(stringWidth(sample));
        expect(textWidth(sample)).toBe(stringWidth(sample));
      }),
    );
  });

  it('is one cell for every character that is counted without a look', () => {
    for (let code = 0x20; code < 0x2900; code++) {
      const character = String.fromCharCode(code);
      if (/[ -~·À-ɏ\u2500-\u259F\u2800-\u28FF]/.test(character))
        expect(stringWidth(character)).toBe(1);
    }
  });

  it('stays right when many texts were measured', () => {
    for (let index = 0; index < 20_000; index++) textWidth(`中${index}`);
    expect(textWidth('中0')).toBe(3);
  });
});

describe('a fitted text', () => {
  it('takes exactly the cells it was given', () => {
    fc.assert(
      fc.property(text, cells, (sample, width) => {
        expect(stringWidth(fitText(sample, width))).toBe(width);
      }),
    );
  });

  it('is the text, filled, or whole graphemes of its beginning', () => {
    fc.assert(
      fc.property(text, cells, (sample, width) => {
        const fitted = fitText(sample, width);
        const kept = fitted.trimEnd();
        expect(sample.startsWith(kept)).toBe(true);
        const starts = Array.from(new Intl.Segmenter('en').segment(sample), ({ index }) => index);
        expect([...starts, sample.length, sample.trimEnd().length]).toContain(kept.length);
        if (textWidth(sample) <= width)
          expect(fitted).toBe(sample + ' '.repeat(width - textWidth(sample)));
      }),
    );
  });

  it('leaves a blank where half a wide character would fit', () => {
    expect(fitText('日本', 3)).toBe('日 ');
    expect(fitText('a👩‍👩‍👧‍👦', 2)).toBe('a ');
  });

  it('is as it was when fitted again', () => {
    fc.assert(
      fc.property(text, cells, (sample, width) => {
        const fitted = fitText(sample, width);
        expect(fitText(fitted, width)).toBe(fitted);
      }),
    );
  });
});
