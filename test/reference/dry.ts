import type { ReferenceOptions, ReferencePosition } from './options.ts';

/**
 * How many tokens before position `end` equal the last tokens of the text, up to the first
 * sequence breaker.
 */
function matchLength(history: readonly number[], end: number, breakers: ReadonlySet<number>) {
  let length = 0;
  while (length < end) {
    const token = history[history.length - 1 - length];
    if (token !== history[end - 1 - length] || breakers.has(token)) break;
    length++;
  }
  return length;
}

/**
 * DRY, "don't repeat yourself" (oobabooga/text-generation-webui PR #5677): the candidate t that
 * would lengthen a repetition of L tokens loses multiplier · base^(L − allowedLength), if L is
 * at least allowedLength. L is the longest, over all earlier occurrences of t.
 */
export function dry({ dry }: ReferenceOptions, { history = [] }: ReferencePosition) {
  if (dry === undefined || dry.multiplier === 0) return undefined;
  const { multiplier, base = 1.75, allowedLength = 2, sequenceBreakers = [] } = dry;
  const breakers = new Set(sequenceBreakers);
  const longest = new Map<number, number>();
  for (const [position, token] of history.entries()) {
    const length = matchLength(history, position, breakers);
    longest.set(token, Math.max(longest.get(token) ?? 0, length));
  }
  return (score: number, id: number) => {
    const length = longest.get(id) ?? 0;
    if (length < allowedLength || breakers.has(id)) return score;
    return score - multiplier * base ** (length - allowedLength);
  };
}
