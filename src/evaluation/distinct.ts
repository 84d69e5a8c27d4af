import { checkInteger } from '../sampling/check.ts';
import { KelvinError } from '../sampling/error.ts';

/** How often each n-gram stands in a text, by its tokens joined. */
export function countNgrams(text: readonly number[], n: number): Map<string, number> {
  const counts = new Map<string, number>();
  for (let end = n; end <= text.length; end++) {
    const key = text.slice(end - n, end).join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/**
 * Throws INVALID_ARGUMENT unless there are some texts.
 *
 * @param least how many at the least
 */
export function checkTexts(texts: readonly (readonly number[])[], least: number): void {
  if (texts.length < least)
    throw new KelvinError(
      'INVALID_ARGUMENT',
      `texts must have at least ${least} entries, got ${texts.length}`,
    );
}

/**
 * distinct-n of several texts: different n-grams / all n-grams, of all texts together (Li et al.
 * 2016), so that what two texts share counts as repeated.
 *
 * @param texts token ids of one text or more
 * @param n an integer ≥ 1
 * @returns in (0, 1]; 1 where all texts are too short for any
 * @throws KelvinError INVALID_ARGUMENT
 * @example
 * import { distinctN } from 'kelvin/evaluation';
 * distinctN([[1, 2, 3], [1, 2, 4]], 2); // => 0.75
 */
export function distinctN(texts: readonly (readonly number[])[], n: number): number {
  checkTexts(texts, 1);
  checkInteger('n', n, 1);
  const different = new Set<string>();
  let total = 0;
  for (const text of texts) {
    for (const gram of countNgrams(text, n).keys()) different.add(gram);
    total += Math.max(0, text.length - n + 1);
  }
  return total === 0 ? 1 : different.size / total;
}
