/** Levenshtein distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}

const plain = (name: string) => name.toLowerCase().replaceAll(/[-_]/g, '');

/** ` (did you mean "topP"?)` if a legal name is close to the given one (`top_p`), else nothing. */
export function nearest(name: string, legal: readonly string[]): string {
  const wanted = plain(name.slice(0, 64));
  const ranked = legal
    .map((candidate) => ({ candidate, off: distance(wanted, plain(candidate)) }))
    .sort((a, b) => a.off - b.off);
  const best = ranked[0];
  return best && best.off <= wanted.length / 3 ? ` (did you mean "${best.candidate}"?)` : '';
}
