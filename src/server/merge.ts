/**
 * What several iterators give, as it comes; each of them waits until its own has been taken.
 *
 * @param stop is called, with what failed if something did, before those are left that have not
 *   ended: one of them may be waiting for long
 */
export async function* merge<T>(
  sources: readonly AsyncGenerator<T>[],
  stop: (cause?: unknown) => void,
): AsyncGenerator<T, void> {
  const [only] = sources;
  if (sources.length === 1) return yield* only!;
  const next = async (source: AsyncGenerator<T>) => ({ source, result: await source.next() });
  const open = new Set(sources);
  const pending = new Map(sources.map((source) => [source, next(source)]));
  let cause: unknown;
  try {
    while (open.size > 0) {
      const { source, result } = await Promise.race(pending.values());
      // At the end of the line, so that a fast one does not push in front of the others.
      pending.delete(source);
      if (result.done) {
        open.delete(source);
        continue;
      }
      yield result.value;
      pending.set(source, next(source));
    }
  } catch (error) {
    cause = error;
    throw error;
  } finally {
    if (open.size > 0) stop(cause);
    await Promise.allSettled([...pending.values()]);
    await Promise.all([...open].map((source) => source.return(undefined)));
  }
}
