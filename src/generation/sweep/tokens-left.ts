/**
 * About how many tokens a sweep has still to write. Texts that are written at once are all begun
 * before one is finished, so it goes by the tokens of all of them, for each that is finished; at the
 * most, and before one is, by the limit.
 *
 * @param written tokens so far, those of unfinished texts included
 * @param total how many texts there are to be, and how many of them are finished
 * @param limit the most tokens of a text
 */
export function tokensLeft(
  written: number,
  { total, finished, limit }: { total: number; finished: number; limit: number },
): number {
  // If texts end by chance, with the same one at each token, this is the likeliest mean length.
  const length = finished > 0 ? Math.min(limit, written / finished) : limit;
  return Math.max(0, total * length - written);
}
