/**
 * What several iterators give, as it comes; each of them waits until its own has been taken.
 *
 * @param stop is called before those are left that have not ended: one may be waiting for long
 */
export async function* merge<T>(
  sources: readonly AsyncGenerator<T>[],
  stop: () => void,
): AsyncGenerator<T, void> {
  const [only] = sources;
  if (sources.length === 1) return yield* only!;
  const next = async (source: AsyncGenerator<T>) => ({ source, result: await source.next() });
  const pending = new Map(sources.map((source) => [source, next(source)]));
  try {
    while (pending.size > 0) {
      const { source, result } = await Promise.race(pending.values());
      // At the end of the line, so that a fast one does not push in front of the others.
      pending.delete(source);
      if (result.done) continue;
      yield result.value;
      pending.set(source, next(source));
    }
  } finally {
    stop();
    await Promise.allSettled([...pending.values()]);
    await Promise.all(sources.map((source) => source.return(undefined)));
  }
}
