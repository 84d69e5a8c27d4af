import type { Glyphs } from '../line.ts';
import { codePointSign } from './harmless.ts';

/** Which spaces get a sign: those at the text's edges, where they would not be seen, all or none. */
export type Spaces = 'edges' | 'all' | 'none';

/**
 * A token's text as a person should see it, on one row: whatever is invisible, breaks the row or
 * could drive a terminal becomes a sign, such as `⏎`, `␛` or `<U+202E>`, or in ASCII `\n`, `\e` or
 * `\u202e`. Nothing but the empty text is without width.
 *
 * It costs a segmentation into graphemes, so a token's is best kept.
 */
export function visible(text: string, glyphs: Glyphs, spaces: Spaces = 'edges'): string {
  if (INNOCENT.test(text) && spaces !== 'all') return text;
  const sign = glyphs === 'ascii' ? asciiSign : unicodeSign;
  let seen = '';
  for (const { segment } of segmenter.segment(text)) {
    // Joiners and selectors are at home in an emoji, and nowhere else.
    seen += EMOJI.test(segment) ? segment : segment.replace(INVISIBLE, sign);
  }
  if (LEADING_MARK.test(seen)) seen = (glyphs === 'ascii' ? 'o' : '\u25CC') + seen;
  if (spaces === 'none') return seen;
  const space = glyphs === 'ascii' ? '_' : '·';
  return seen.replace(spaces === 'all' ? SPACES : EDGE_SPACES, (run) =>
    [...run].map((character) => (character === ' ' ? space : sign(character))).join(''),
  );
}

function unicodeSign(character: string): string {
  const code = character.codePointAt(0)!;
  if (character === '\n') return '⏎';
  if (character === '\t') return '⇥';
  if (code === 0x7f) return '␡';
  return code < 0x20 ? String.fromCodePoint(0x2400 + code) : codePointSign(code);
}

function asciiSign(character: string): string {
  const short = ESCAPES.get(character);
  if (short) return short;
  const code = character.codePointAt(0)!;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}

const ESCAPES = new Map([
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
  ['\u001B', '\\e'],
]);
// Control, format, lone surrogate, private and unassigned characters, breaks, and what Unicode
// says to draw as nothing.
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const SPACES = /\p{Zs}+/gu;
const EDGE_SPACES = /^\p{Zs}+|\p{Zs}+$/gu;
const LEADING_MARK = /^\p{M}/u;
// biome-ignore lint/complexity/useRegexLiterals: the flag v is younger than the compiler's target.
const EMOJI = new RegExp('^\\p{RGI_Emoji}$', 'v');
const INNOCENT = /^[!-~]+( [!-~]+)*$/;
const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
