const BARE = /^[\w./:=,@%+-]+$/;
// A line break and a tab are harmless between quotes; the rest would drive the terminal the command
// is pasted into, or hide what it says.
const UNSAFE = /[^\P{Cc}\n\t]|[\p{Cf}\p{Zl}\p{Zp}]/gu;

/**
 * One word of a shell's command line. Single quotes hold anything in every shell; characters that
 * must not be pasted as they are, are written as bash, ksh and zsh read them, between `$'` and `'`.
 * A NUL cannot be in an argument and is left out.
 */
export function quoted(word: string): string {
  const text = word.replaceAll('\0', '');
  if (BARE.test(text)) return text;
  if (text.search(UNSAFE) === -1) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = text.replace(/[\\']/g, '\\$&').replace(UNSAFE, bytes);
  return `$'${escaped}'`;
}

// By its bytes, so that it is the same in every locale; three digits cannot run into the next sign.
const bytes = (sign: string) =>
  [...new TextEncoder().encode(sign)]
    .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
    .join('');
