import type { Glyphs } from '../line.ts';

// Control and format characters (which turn direction or take no room), separators of lines, and
// halves of characters. The joiner inside an emoji stays.
const UNSEEN = /(?!\u200D)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const JOINER =
  /(?<!\p{Extended_Pictographic}[\uFE0F\u{1F3FB}-\u{1F3FF}]?)\u200D|\u200D(?!\p{Extended_Pictographic})/gu;

function sign(character: string, glyphs: Glyphs): string {
  const code = character.codePointAt(0)!;
  if (code === 0x0a) return glyphs === 'ascii' ? '\\n' : '⏎';
  if (code < 0x20)
    return glyphs === 'ascii'
      ? `^${String.fromCodePoint(0x40 + code)}`
      : String.fromCodePoint(0x2400 + code);
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/** Which spaces become a sign. */
export type Spaces = 'edges' | 'none';

/**
 * One line that cannot drive a terminal: what has no form of its own becomes a sign, and so does a
 * space at either end if asked for.
 */
export function visible(text: string, glyphs: Glyphs, spaces: Spaces = 'edges'): string {
  const dot = glyphs === 'ascii' ? '_' : '·';
  const seen = text
    .replace(UNSEEN, (character) => sign(character, glyphs))
    .replace(JOINER, '<U+200D>');
  return spaces === 'none' ? seen : seen.replace(/^ | $/g, dot);
}
