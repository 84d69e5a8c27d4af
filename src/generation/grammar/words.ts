import { literal } from './ebnf.ts';
import type { Writer } from './node.ts';

/** A rule for one of some texts, which are told apart character by character. */
export function wordsGrammar(words: readonly string[], writer: Writer): string {
  const groups = new Map<string, string[]>();
  for (const word of new Set(words)) {
    const [first = ''] = word;
    groups.set(first, [...(groups.get(first) ?? []), word]);
  }
  return writer.rule(
    [...groups.values()].map((group) => {
      const [only] = group;
      if (group.length === 1) return literal(only!);
      const shared = sharedStart(group);
      const rests = group.map((word) => word.slice(shared.length));
      return `${literal(shared)} ${wordsGrammar(rests, writer)}`;
    }),
  );
}

/** In whole characters. */
function sharedStart(words: readonly string[]): string {
  const [first = '', ...others] = words;
  let shared = '';
  for (const character of first) {
    if (!others.every((word) => word.startsWith(shared + character))) break;
    shared += character;
  }
  return shared;
}
