import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edit } from '../../../src/ui/state/editor.ts';

const segmenter = new Intl.Segmenter();
const graphemes = (text: string) => [...segmenter.segment(text)].map(({ segment }) => segment);

const PIECES = [
  'a',
  ' ',
  '日',
  '👩‍👩‍👧',
  'e\u0301',
  '\u0301',
  '🇩🇪',
  '🇫',
  '\u200D',
  '👍🏽',
  '\n',
  'x\ny',
];
const typing = fc.oneof(
  fc.constantFrom(...PIECES).map((input) => ({ key: 'paste', input })),
  fc
    .constantFrom(...'left,right,home,end,backspace,ctrl-a,ctrl-e,ctrl-u,ctrl-k,f1'.split(','))
    .map((key) => ({ key, input: '' })),
);

/** A text as the graphemes before and after the cursor. */
function after(before: string, behind: string, key: string, input: string): [string, string] {
  const [left, right] = [graphemes(before), graphemes(behind)];
  switch (key) {
    case 'left':
      return [left.slice(0, -1).join(''), (left.at(-1) ?? '') + behind];
    case 'right':
      return [before + (right[0] ?? ''), right.slice(1).join('')];
    case 'home':
    case 'ctrl-a':
      return ['', before + behind];
    case 'end':
    case 'ctrl-e':
      return [before + behind, ''];
    case 'backspace':
      return [left.slice(0, -1).join(''), behind];
    case 'ctrl-u':
      return ['', behind];
    case 'ctrl-k':
      return [before, ''];
    default:
      return [before + input, behind];
  }
}

describe('editing a line', () => {
  it('is what it is with graphemes, none of which is ever split', () => {
    fc.assert(
      fc.property(fc.array(typing, { maxLength: 40 }), (typed) => {
        let line = { text: '', cursor: 0 };
        for (const { key, input } of typed) {
          const [before, behind] = [line.text.slice(0, line.cursor), line.text.slice(line.cursor)];
          const [left, right] = after(before, behind, key, input);
          line = edit(line, key, input);
          expect(line.text).toBe(left + right);
          const ends = [0];
          for (const grapheme of graphemes(line.text)) ends.push(ends.at(-1)! + grapheme.length);
          expect(line.cursor).toBe(ends.find((end) => end >= left.length));
        }
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['x', 'x', 'x'],
    ['space', ' ', ' '],
    ['中', '中', '中'],
    ['paste', 'a\r\nb\rc\nd', 'a\nb\nc\nd'],
    ['paste', '\u001B[31m', '\u001B[31m'],
    ['pagedown', '', ''],
    ['tab', '\t', ''],
    ['ctrl-b', 'b', ''],
    ['alt-b', 'b', ''],
  ])('takes of %s the text, if it is one', (key, input, text) => {
    expect(edit({ text: '<>', cursor: 1 }, key, input)).toEqual({
      text: `<${text}>`,
      cursor: 1 + text.length,
    });
  });
});
