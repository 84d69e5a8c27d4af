import { literal } from './ebnf.ts';
import type { Writer } from './node.ts';

/**
 * A grammar for the keys of an object that are none of some names, quotes included: each leaves the
 * names at some character. Nothing in them is escaped, so that a name cannot come in disguise.
 */
export function otherKeys(names: readonly string[], writer: Writer): string {
  /** What follows where these names are still possible, what is left of them. */
  const leaving = (names: readonly string[]): string => {
    const groups = new Map<string, string[]>();
    for (const name of names) {
      const [first] = name;
      if (first === undefined) continue;
      groups.set(first, [...(groups.get(first) ?? []), name.slice(first.length)]);
    }
    return writer.rule([
      ...(names.includes('') ? [] : ['"\\""']),
      `${classBut([...groups.keys()])} plain_rest`,
      ...[...groups].map(([first, rest]) => `${literal(first)} ${leaving(rest)}`),
    ]);
  };
  return `"\\"" ${leaving(names.filter((name) => !/["\\\p{Cc}\p{Cs}]/u.test(name)))}`;
}

/**
 * The characters that need no escape, but for some. A class knows ASCII's one by one and no others:
 * where one of the others is left out, so are all.
 */
function classBut(characters: readonly string[]): string {
  const isOut = (point: number) => characters.includes(String.fromCodePoint(point));
  const inClass = (point: number) => `\\x${point.toString(16).padStart(2, '0')}`;
  const ascii = Array.from({ length: 96 }, (_, i) => 32 + i);
  if (characters.every((character) => character < '\x80'))
    return `[^"\\\\\\x00-\\x1f${ascii.filter(isOut).map(inClass).join('')}]`;
  const left = ascii.filter((point) => !isOut(point) && point !== 0x22 && point !== 0x5c);
  return `[${left.map(inClass).join('')}]`;
}
