import type { Glyphs } from '../line.ts';

// Controls, what has no width, and what turns the direction of what follows.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** A token's text as a person can see it: in one line, with nothing in it that drives a terminal. */
export function visible(text: string, glyphs: Glyphs): string {
  const isPlain = glyphs === 'ascii';
  return text
    .replace(HIDDEN, (sign) => {
      const code = sign.codePointAt(0)!;
      if (sign === '\n') return isPlain ? '\\n' : '⏎';
      if (sign === '\t') return isPlain ? '\\t' : '⇥';
      return code < 0x20 && !isPlain
        ? String.fromCodePoint(0x2400 + code)
        : `<${code.toString(16).toUpperCase().padStart(4, '0')}>`;
    })
    .replace(/^ | $/g, isPlain ? '_' : '·');
}
