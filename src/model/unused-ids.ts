/** Ids from one up to, and without, another. */
export type IdRange = readonly [from: number, to: number];

/**
 * The ids that have no token: many a head has more rows than its tokenizer has tokens, so that its
 * size is a round number, and nobody trained those.
 *
 * @param size how many ids there are
 */
export function unusedIds(size: number, isToken: (id: number) => boolean): readonly IdRange[] {
  const ranges: IdRange[] = [];
  let from = 0;
  // The end closes the last range as a token would.
  for (let id = 0; id <= size; id++) {
    if (id < size && !isToken(id)) continue;
    if (id > from) ranges.push([from, id]);
    from = id + 1;
  }
  return ranges;
}
