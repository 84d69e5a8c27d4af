import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawText } from '../../../src/ui/panes/text.ts';
import { anyGlyphs, anySize, anyText, fault, plain, styled, tokens, written } from './samples.ts';

const prompt = [{ token: 0, text: 'Once' }];
const story = tokens(
  ' The old lighthouse keeper climbed the stairs every evening, and every evening the lamp was cold.\n\nTonight the sea was so quiet',
);

describe('drawText', () => {
  it('wraps words across tokens and honours line breaks', () => {
    const pieces = ['The light', 'house', ' keep', 'er clim', 'bed'].map((text) => written(text));
    const subject = { prompt: [], written: pieces, place: 5, isPlaying: true };
    expect(plain(drawText(subject, { width: 17, height: 3 }, 'unicode'))).toEqual([
      'The lighthouse   ',
      'keeper climbed▏  ',
      '                 ',
    ]);
    const all = { prompt, written: story, place: story.length, isPlaying: true };
    expect(plain(drawText(all, { width: 46, height: 6 }, 'unicode'))).toEqual([
      ' Once The old lighthouse keeper climbed the   ',
      ' stairs every evening, and every evening the  ',
      ' lamp was cold.                               ',
      '                                              ',
      ' Tonight the sea was so quiet▏                ',
      '                                              ',
    ]);
  });

  it('keeps the cursor in the last row while playing, and with rows around it otherwise', () => {
    const rows = Array.from({ length: 30 }, (_, i) => written(`${i}\n`));
    const size = { width: 6, height: 8 };
    const draw = (place: number, isPlaying: boolean) =>
      plain(drawText({ prompt: [], written: rows, place, isPlaying }, size, 'ascii')).map((row) =>
        row.trim(),
      );
    expect(draw(30, true)).toEqual(['23', '24', '25', '26', '27', '28', '29', '|']);
    expect(draw(12, true)).toEqual(['5', '6', '7', '8', '9', '10', '11', '12']);
    expect(draw(30, false)).toEqual(draw(30, true));
    const back = draw(12, false);
    expect(back).toEqual(['7', '8', '9', '10', '11', '12', '13', '14']);
    expect(draw(0, false)[0]).toBe('0');
  });

  it('puts the cursor where it moves no text', () => {
    const size = { width: 30, height: 1 };
    const at = (place: number) =>
      drawText(
        { prompt: [], written: tokens('one two, three'), place, isPlaying: false },
        size,
        'ascii',
      );
    expect(plain(at(1))).toEqual([' one|two, three               ']);
    expect(plain(at(2))).toEqual([' one two,|three               ']);
    expect(plain(at(3))).toEqual([' one two, three|              ']);
    const halves = [written('light'), written('house')];
    const inside = drawText(
      { prompt: [], written: halves, place: 1, isPlaying: false },
      size,
      'ascii',
    );
    expect(plain(inside)).toEqual([' lighthouse                   ']);
    expect(styled(inside, 'selected')).toEqual(['h']);
  });

  it('styles tokens by surprisal in bits, and what one did to them', () => {
    const bitsOf = [0.9, 1.1, 3.1, 6.1, 10.1, Number.POSITIVE_INFINITY];
    const list = bitsOf.map((bits, i) => written(`a${i}`, { logprob: -bits * Math.LN2 }));
    list.push(written('chosen', { isChosen: true }), written('never'), written('future'));
    const marks = Uint8Array.from(list, (_, i) => (i === 7 ? 0 : i % 2 === 0 ? 1 : 255));
    const subject = { prompt, written: list, place: 8, marks, isPlaying: false };
    const lines = drawText(subject, { width: 60, height: 1 }, 'unicode');
    const shown = lines[0].map(({ text, style }) => `${text}:${style}`);
    expect(shown).toEqual([
      ' Once:plain',
      'a0:surprisal0',
      'a1:surprisal1',
      'a2:surprisal2',
      'a3:surprisal3',
      'a4a5:surprisal4',
      'chosen:selected',
      'never:impossible',
      'f:selected',
      'uture:dim',
      `${' '.repeat(26)}:plain`,
    ]);
  });

  it.each([
    ['long words', ['x'.repeat(25)], ['xxxxxxxxx ', 'xxxxxxxxx ', 'xxxxxxx▏  ']],
    [
      'a long word behind another',
      ['a ', 'x'.repeat(12)],
      ['a         ', 'xxxxxxxxx ', 'xxx▏      '],
    ],
    ['wide characters', ['日本語の', '文字'], ['日本語の  ', '文字▏     ', '          ']],
    [
      'a word and wide characters',
      ['123 ', '日本語の'],
      ['123 日本  ', '語の▏     ', '          '],
    ],
    [
      'emoji of several tokens',
      ['12345678', '👍', '🏽!'],
      ['12345678  ', '👍🏽!▏      ', '          '],
    ],
    ['control characters', ['a\u001B[2J\u0007b'], ['a␛[2J␇b▏  ', '          ', '          ']],
    ['tabs', ['a\tb', '\tc'], ['a   b   c▏', '          ', '          ']],
    [
      'a space that does not fit',
      ['123456789', ' ', 'b'],
      ['123456789 ', 'b▏        ', '          '],
    ],
    ['spaces without end', [' '.repeat(14)], ['          ', '    ▏     ', '          ']],
    ['nothing', [], ['▏         ', '          ', '          ']],
    ['tokens without text', ['', 'a', ''], ['a▏        ', '          ', '          ']],
  ])('wraps %s', (_, texts, rows) => {
    const list = texts.map((text) => written(text));
    const subject = { prompt: [], written: list, place: list.length, isPlaying: true };
    expect(plain(drawText(subject, { width: 10, height: 3 }, 'unicode'))).toEqual(rows);
  });

  it('fills its size exactly, and nothing in it acts', () => {
    const subject = fc.record({
      prompt: fc.array(anyText.map((text) => ({ token: 0, text }))),
      written: fc.array(anyText.map((text) => written(text))),
      isPlaying: fc.boolean(),
    });
    fc.assert(
      fc.property(subject, fc.nat(), anySize, anyGlyphs, (text, at, size, glyphs) => {
        const place = at % (text.written.length + 1);
        expect(fault(drawText({ ...text, place }, size, glyphs), size)).toBeUndefined();
      }),
      { numRuns: 1000 },
    );
  });

  it('draws a text that grew as it draws one that came at once', () => {
    fc.assert(
      fc.property(fc.array(anyText), fc.array(anySize), anyGlyphs, (texts, sizes, glyphs) => {
        const growing: ReturnType<typeof written>[] = [];
        for (const [i, text] of texts.entries()) {
          growing.push(written(text));
          const size =
            sizes.length > 0 && i % 3 === 0 ? sizes[i % sizes.length] : { width: 20, height: 9 };
          const draw = (list: typeof growing) =>
            drawText({ prompt, written: list, place: i >> 1, isPlaying: false }, size, glyphs);
          expect(draw(growing)).toEqual(draw([...growing]));
        }
      }),
    );
  });

  it('holds every character of a text without breaks, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z ]{0,9}$/)), anySize, (texts, { width }) => {
        const list = texts.map((text) => written(text));
        const size = { width, height: 120 };
        const lines = drawText(
          { prompt: [], written: list, place: list.length, isPlaying: false },
          size,
          'ascii',
        );
        const drawn = plain(lines).join('').replace(/[ |]/g, '');
        const whole = texts.join('').replaceAll(' ', '');
        expect(whole.endsWith(drawn)).toBe(true);
        if (whole.length + texts.join('').length < 100) expect(drawn).toBe(whole);
      }),
    );
  });

  it('starts anew for another text, prompt, width or set of signs', () => {
    const list = tokens('one two');
    const draw = (first: string, width: number, glyphs: 'unicode' | 'ascii') =>
      plain(
        drawText(
          { prompt: [{ token: 0, text: first }], written: list, place: 2, isPlaying: false },
          { width, height: 2 },
          glyphs,
        ),
      );
    expect(draw('\u0007 ', 12, 'unicode')).toEqual(['␇ one two▏  ', '            ']);
    expect(draw('\u0007 ', 20, 'ascii').join('')).not.toContain('␇');
    expect(draw('b ', 7, 'ascii')).toEqual(['b one  ', 'two|   ']);
    expect(draw('c ', 7, 'ascii')).toEqual(['c one  ', 'two|   ']);
    list.length = 1;
    expect(draw('b ', 7, 'ascii')).toEqual(['b one| ', '       ']);
  });
});
