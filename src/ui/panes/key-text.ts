import type { Glyphs } from '../line.ts';

const SIGNS: Readonly<Record<string, readonly [unicode: string, ascii: string]>> = {
  left: ['←', 'left'],
  right: ['→', 'right'],
  up: ['↑', 'up'],
  down: ['↓', 'down'],
  return: ['⏎', 'enter'],
  escape: ['esc', 'esc'],
};

/** Keys as they are printed on a keyboard: `←→`, `t T`, `1-9`, `^C`. */
export function keyText(keys: readonly string[], glyphs: Glyphs): string {
  const [first, last] = [keys[0]!, keys.at(-1)!];
  if (keys.length > 2 && /^\d$/.test(first) && /^\d$/.test(last)) return `${first}-${last}`;
  const names = keys.map((key) => signOf(key, glyphs));
  const areArrows = glyphs === 'unicode' && names.every((name) => /^[←-↓]$/.test(name));
  return names.join(areArrows ? '' : ' ');
}

function signOf(key: string, glyphs: Glyphs): string {
  const signs = SIGNS[key];
  if (signs) return signs[glyphs === 'unicode' ? 0 : 1];
  return key.startsWith('ctrl-') ? `^${key.slice(5).toUpperCase()}` : key;
}
